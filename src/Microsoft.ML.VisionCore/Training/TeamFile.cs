using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>A file of a team's first process, for all of them: on other machines it may not be there. The others read a copy, which ends with this.</summary>
internal sealed class TeamFile : IDisposable
{
    private const int PartLength = 16 << 20;

    private readonly bool _isCopy;

    /// <param name="path">The file, which may be missing.</param>
    /// <param name="team">All processes of which do this together.</param>
    public TeamFile(string path, Team team)
    {
        Path = path;
        if (team.IsAlone)
        {
            return;
        }

        var length = team.Broadcast(team.IsFirst && File.Exists(path) ? new FileInfo(path).Length : -1);
        if (!team.IsFirst)
        {
            (Path, _isCopy) = (System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"checkpoint-{System.IO.Path.GetRandomFileName()}"), true);
        }

        if (length < 0)
        {
            return;
        }

        using var file = team.IsFirst ? File.OpenRead(path) : File.Create(Path);
        var part = new byte[PartLength];
        for (var left = length; left > 0; left -= PartLength)
        {
            var bytes = part.AsSpan(0, (int)Math.Min(PartLength, left));
            if (team.IsFirst)
            {
                file.ReadExactly(bytes);
            }

            team.Broadcast(bytes);
            if (!team.IsFirst)
            {
                file.Write(bytes);
            }
        }
    }

    /// <summary>Where this process finds it; there is no such file where the first process has none.</summary>
    public string Path { get; }

    public void Dispose()
    {
        if (_isCopy)
        {
            File.Delete(Path);
        }
    }
}
