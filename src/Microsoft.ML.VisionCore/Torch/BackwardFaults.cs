using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// What goes wrong in the backward pass of functions of our own, such as memory that runs out: an exception that leaves one of them ends the process, for libtorch is between it and
/// those who could catch it. It is kept here instead, no gradients are given, and who asked for them throws it.
/// </summary>
internal sealed class BackwardFaults
{
    private const string Kept = "faults", Inputs = "shapes of inputs";

    [ThreadStatic]
    private static BackwardFaults? ofThread;

    private Exception? _first;

    private BackwardFaults()
    {
    }

    /// <summary>Those of functions whose forward pass runs on this thread.</summary>
    internal static BackwardFaults OfThread => ofThread ??= new BackwardFaults();

    /// <summary>For the forward pass of a function: that its faults go to this thread.</summary>
    /// <param name="context">The function's.</param>
    /// <param name="inputs">What it is applied to.</param>
    internal static void Keep(autograd.AutogradContext context, object[] inputs)
    {
        context.save_data(Kept, OfThread);
        context.save_data(Inputs, inputs.Select(input => input is Tensor tensor ? (tensor.shape, tensor.dtype, tensor.device) : ((long[], ScalarType, Device)?)null).ToArray());
    }

    /// <summary>For its backward pass.</summary>
    /// <param name="context">The function's.</param>
    /// <param name="gradients">Its work.</param>
    /// <returns>The gradients; where there was a fault zeros, which take no memory: without gradients TorchSharp makes whole ones for the functions before, and a fault of its own ends the process.</returns>
    internal static List<Tensor> Guard(autograd.AutogradContext context, Func<List<Tensor>> gradients)
    {
        var faults = (BackwardFaults)context.get_data(Kept);
        try
        {
            return gradients();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref faults._first, e, null);
            return [.. (((long[] Shape, ScalarType Type, Device Device)?[])context.get_data(Inputs)).Select(input => input is { } of ? Nothing(of.Shape, of.Type, of.Device) : null!)];
        }
    }

    /// <summary>Does what needs gradients, and throws the first fault that was in them.</summary>
    /// <param name="backward">A call of libtorch that computes gradients.</param>
    internal static void ThrowAfter(Action backward)
    {
        // This may itself be part of a backward pass.
        var faults = OfThread;
        var before = Interlocked.Exchange(ref faults._first, null);
        Exception? fault;
        try
        {
            backward();
        }
        catch (Exception) when (faults._first is not null)
        {
            // Of gradients that are missing, which is no news.
        }
        finally
        {
            fault = Interlocked.Exchange(ref faults._first, before);
        }

        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private static Tensor Nothing(long[] shape, ScalarType type, Device device)
    {
        using var zero = zeros([], type, device);
        return zero.expand(shape);
    }
}
