namespace MLExt.Commands.Help;

/// <summary>
/// Scripts that complete the command line in a shell. Each hands the line up to the cursor to the tool's [suggest] directive. Words that begin
/// with '-' are only offered once one is begun; where the tool has nothing to offer, the shell offers files.
/// </summary>
internal static class CompletionScript
{
    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => PowerShell,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "There is no script for this shell."),
    };

    private const string Bash = """
        # Completes mlext in bash. In ~/.bashrc: source <(mlext completion bash)
        _mlext() {
          local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} found
          line=${line#*[[:space:]]}
          COMPREPLY=()
          while IFS= read -r found; do
            if [[ $word == -* || $found != -* ]]; then COMPREPLY+=("$found"); fi
          done < <("${1/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _mlext mlext
        """;

    private const string Zsh = """
        #compdef mlext
        # Completes mlext in zsh. In ~/.zshrc, after compinit: source <(mlext completion zsh)
        _mlext() {
          local line="${(j: :)words[2,CURRENT]}" word="${words[CURRENT]}"
          local -a found
          found=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
          [[ $word == -* ]] || found=("${(@)found:#-*}")
          found=("${(@)found:#}")
          if (( $#found )); then compadd -a found; else _files; fi
        }
        compdef _mlext mlext
        """;

    private const string Fish = """
        # Completes mlext in fish: mlext completion fish > ~/.config/fish/completions/mlext.fish
        function __mlext_complete
          set -l word (commandline -ct)
          set -l words (commandline -opc) "$word"
          set -l line (string join ' ' -- $words[2..-1])
          set -l length (string length -- "$line")
          set -l found ($words[1] "[suggest:$length]" "$line" 2>/dev/null)
          if string match -q -- '-*' "$word"
            printf '%s\n' $found
          else
            string match -v -- '-*' $found
          end
        end
        complete -c mlext -a '(__mlext_complete)'
        """;

    private const string PowerShell = """
        # Completes mlext in PowerShell. In $PROFILE: mlext completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName mlext -ScriptBlock {
          param($word, $ast, $cursor)
          $first = $ast.CommandElements[0].Extent
          $length = $cursor - $ast.Extent.StartOffset
          $line = $ast.Extent.Text.PadRight($length).Substring(0, $length).Substring($first.Text.Length + 1)
          & $first.Text "[suggest:$($line.Length)]" $line 2>$null |
            Where-Object { $word.StartsWith('-') -or -not $_.StartsWith('-') } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;
}
