using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLExt.Commands;

namespace MLExt.Models;

/// <summary>Makes the MLContext that a command works with.</summary>
internal static class Session
{
    /// <summary>Makes one whose warnings reach the user.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="isVerbose">Whether to pass on information too and not just warnings and errors.</param>
    /// <param name="gpu">CUDA device, or null for the CPU.</param>
    /// <param name="seed">Seed of the context, or null.</param>
    /// <param name="temporary">The folder for ML.NET's temporary files; null for the system's.</param>
    public static MLContext Open(Terminal terminal, bool isVerbose, int? gpu, int? seed = null, string? temporary = null)
    {
        var context = new MLContext(seed) { GpuDeviceId = gpu, FallbackToCpu = false };
        if (temporary is not null)
        {
            context.TempFilePath = temporary;
        }

        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning && LibraryMessages.IsAboutRows(message.RawMessage))
            {
                return;
            }

            if (message.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error)
            {
                terminal.Aside($"{(message.Kind == ChannelMessageKind.Error ? "error" : "warning")}: {LibraryMessages.Translate(message.RawMessage)}");
            }
            else if (isVerbose && message.Kind == ChannelMessageKind.Info)
            {
                terminal.Aside(message.RawMessage);
            }
        };
        return context;
    }

    /// <summary>How the device is called in reports.</summary>
    public static string Device(int? gpu) => gpu is { } id ? $"cuda:{id}" : "cpu";
}
