using MLExt.Commands;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed class LibraryMessagesTests
{
    [TestMethod]
    [DataRow("Channels must be in [1, 512]; it is 513.\nMaxWays must be in [2, 1000]; it is 1001. (Parameter 'options')",
        "--channels must be in [1, 512]; it is 513.\n--ways must be in [2, 1000]; it is 1001.")]
    [DataRow("Ways must be at most 6, for which the model was trained (MaxWays); it is 7.", "--ways must be at most 6, for which the model was trained; it is 7.")]
    [DataRow("20-way needs 20 classes with at least 2 images; the data has 4 such classes. Give more, or set MaxWays lower.",
        "20-way needs 20 classes with at least 2 images; the data has 4 such classes. Give more, or set --ways lower.")]
    [DataRow("The class 'a' of column 'Label' has no row that can be read in the support set. Every class of the key needs one: fit MapValueToKey on the support set alone, or add rows.",
        "The class 'a' has no row that can be read in the support set. Every class needs one: add images, or remove its folder.")]
    [DataRow("GpuDeviceId is 3, but torch sees no CUDA device. Set FallbackToCpu to use the CPU instead, or leave GpuDeviceId unset.",
        "--gpu is 3, but torch sees no CUDA device. Leave --gpu out to use the CPU.")]
    [DataRow("The method Maml cannot be used with a model that was trained with SoftKMeans.", "The method maml cannot be used with a model that was trained with soft-k-means.")]
    [DataRow("The method LgmNet cannot be used with a model that was trained with HyperTransformer: its weights have to be trained.",
        "The method lgm-net cannot be used with a model that was trained with hyper-transformer: its weights have to be trained. 'mlext few-shot train --method lgm-net' does that.")]
    [DataRow("Nothing is validated: 1 class is held out (ValidationClassFraction). More classes would help.", "Nothing is validated: 1 class is held out. More classes would help.")]
    public void OptionsHaveTheNamesOfTheCommandLine(string said, string meant) => Assert.AreEqual(meant, LibraryMessages.Translate(said));
}
