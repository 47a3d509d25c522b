// The accuracy studies of docs/results.md:
//   dotnet run -c Release --project benchmarks/Accuracy -- cifar --dataset cifar10_train.zip
//   dotnet run -c Release --project benchmarks/Accuracy -- in-context-regression
//   dotnet run -c Release --project benchmarks/Accuracy -- photographs --dataset flowers.zip --seconds 300
//   dotnet run -c Release --project benchmarks/Accuracy -- photographs-generator --data FOLDER --output src/Microsoft.ML.FewShot/Pretrained
//   dotnet run -c Release --project benchmarks/Accuracy -- few-shot --dataset omniglot_images_background.zip --seconds 120
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MLExtensions.Accuracy;
using MLExtensions.Accuracy.Details;
using MLExtensions.Accuracy.FewShot;
using MLExtensions.Accuracy.InContextRegression;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;

var rows = new Dictionary<Command, (IReadOnlyList<Contender> All, Option<string[]> Chosen)>();

const int MostTokens = 12_544; // as many validation images as are drawn at once remain

var dataset = StudyOptions.Zip("A zip of images in a folder for each class.");
var cifarSteps = StudyOptions.Number("--steps", "Batches of 128 images, at most one pass over the training images.", 300);
var cifar = new Command("cifar", "Every mixer, in one place of the default model or another, on CIFAR-10.") { dataset, cifarSteps };
cifar.SetAction(parsed =>
{
    using var study = new CifarStudy(parsed.GetValue(dataset)!, side: 32);
    return Run(parsed, (contender, seed) => study.Run(contender, seed, parsed.GetValue(cifarSteps)));
});

var steps = StudyOptions.Number("--steps", "Training steps of 32 images.", 400);
var tokens = StudyOptions.Checked(StudyOptions.Number("--tokens", $"Pixels of each image, a square number up to {MostTokens}.", 256),
    pixels => pixels <= MostTokens && (int)Math.Sqrt(pixels) is var side && side * side == pixels, $"a square number up to {MostTokens}");
var inContextSeconds = StudyOptions.Checked(
    new Option<int?>("--seconds") { Description = "Processor time of each training in place of steps, at a rate that does not fall." }, time => time >= 1, "at least 1");
var inContext = new Command("in-context-regression", "One block on a task whose function exists only inside the image.") { steps, tokens, inContextSeconds };
inContext.SetAction(parsed =>
{
    using var study = new Study(parsed.GetValue(tokens));
    return parsed.GetValue(inContextSeconds) is { } time
        ? Curves(parsed, Study.Columns, (contender, seed) => study.Curve(contender, seed, time))
        : Run(parsed, (contender, seed) => study.Run(contender, seed, parsed.GetValue(steps)));
});

var forSeconds = StudyOptions.Number("--seconds", "Processor time of each training, without validations.", 360);
var rawPixels = new Command("raw-pixels", "CIFAR-10 without a stem: every pixel is a token.") { dataset, forSeconds };
rawPixels.SetAction(parsed =>
{
    using var study = new RawPixelStudy(parsed.GetValue(dataset)!);
    return Curves(parsed, RawPixelStudy.Columns, (contender, seed) => study.Run(contender, seed, parsed.GetValue(forSeconds)));
});

var folder = StudyOptions.Folder("The folder with caltech101_84px.zip and omniglot_images_background.zip.");
var details = new Command("details", "Small marks in large pictures: by many tokens, by few, and by convolutions alone.") { folder, forSeconds };
details.SetAction(parsed =>
{
    using var study = new DetailStudy(parsed.GetValue(folder)!);
    return Curves(parsed, DetailStudy.Columns, (contender, seed) => study.Run(contender, seed, parsed.GetValue(forSeconds)));
});

var seconds = StudyOptions.Number("--seconds", "The time that the trainer may take.", 300);
var perClass = StudyOptions.Number("--per-class", "Training images of each class; 0 for all.", 0, least: 0);
var contenders = StudyOptions.Rows("--contenders", PhotographStudy.Contenders);
var photographs = new Command("photographs", "The trainer on its backbone beside what ML.NET has on the same one.") { dataset, seconds, perClass, contenders, StudyOptions.Seeds, StudyOptions.FirstSeed };
photographs.SetAction(parsed =>
{
    var study = new PhotographStudy(parsed.GetValue(dataset)!);
    foreach (var seed in Enumerable.Range(parsed.GetValue(StudyOptions.FirstSeed), parsed.GetValue(StudyOptions.Seeds)))
    {
        foreach (var contender in parsed.GetValue(contenders)!)
        {
            var (accuracy, logLoss, spent, training, heldOut) = study.Run(contender, seed, parsed.GetValue(perClass), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contender} seed {seed}: {100 * accuracy:F1} % of {heldOut} held out, log-loss {logLoss:F3}, trained on {training} in {spent:F0} s"));
        }
    }
});

var data = StudyOptions.Folder("The folder with cifar_fs_train.zip, cifar_fs_val.zip and caltech101_84px.zip.");
var output = new Option<string>("--output") { Description = "Where Photographs.json and Photographs.safetensors are put.", Required = true };
var tasks = StudyOptions.Number("--tasks", "Training tasks.", 250);
var generator = new Command("photographs-generator", "Trains what Microsoft.ML.FewShot ships for photographs.") { data, output, tasks };
generator.SetAction(parsed => PhotographGenerator.Make(parsed.GetValue(data)!, parsed.GetValue(output)!, parsed.GetValue(tasks)));

var root = new RootCommand("Accuracy studies: mean and spread over seeds on data that training never saw.") { cifar, inContext, rawPixels, details, photographs, generator, FewShotCommand.Create() };
foreach (var (command, all) in new[] { (cifar, CifarStudy.Contenders), (inContext, Study.Contenders), (rawPixels, Contender.All), (details, DetailStudy.Contenders) })
{
    rows[command] = (all, StudyOptions.Rows("--mixers", all.Select(one => one.Name)));
    foreach (var option in new Option[] { rows[command].Chosen, StudyOptions.Seeds, StudyOptions.FirstSeed, StudyOptions.Log })
    {
        command.Options.Add(option);
    }
}

try
{
    // Studies compute with models of the libraries before anything else of these looks at what the machine's torch can do.
    TorchRuntime.Load();
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

int Run(ParseResult parsed, Func<Contender, int, StudyRun> run)
{
    var finished = new StudyLog<StudyRun>(parsed.GetValue(StudyOptions.Log), parsed.Settings());
    foreach (var (contender, seed) in Missing(parsed, finished.Runs.Select(done => (done.Contender, done.Seed))))
    {
        var watch = Stopwatch.StartNew();
        var result = run(contender, seed);
        finished.Add(result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Contender} seed {seed}: {100 * result.Accuracy:F2} % after {result.Steps} steps, {result.Milliseconds:F2} ms per image, {watch.Elapsed.TotalSeconds:F0} s"));
    }

    Console.WriteLine();
    Console.Write(StudyTable.Of(finished.Runs, baseline: "ttt-linear"));
    return 0;
}

int Curves(ParseResult parsed, IReadOnlyList<string> columns, Func<Contender, int, IReadOnlyList<CurvePoint>> run)
{
    var finished = new StudyLog<CurvePoint>(parsed.GetValue(StudyOptions.Log), parsed.Settings());
    foreach (var (contender, seed) in Missing(parsed, finished.Runs.Select(done => (done.Contender, done.Seed))))
    {
        foreach (var point in run(contender, seed))
        {
            finished.Add(point);
        }
    }

    Console.WriteLine();
    Console.Write(CurveTable.Of(finished.Runs, columns));
    return 0;
}

// The runs that are asked for and not in the log; on one thread, for times are processor times, and threads that wait for each other would count.
IEnumerable<(Contender Contender, int Seed)> Missing(ParseResult parsed, IEnumerable<(string Contender, int Seed)> finished)
{
    torch.set_num_threads(1);
    var done = finished.ToHashSet();
    var (all, chosen) = rows[parsed.CommandResult.Command];
    var names = parsed.GetValue(chosen)!;
    return Enumerable.Range(parsed.GetValue(StudyOptions.FirstSeed), parsed.GetValue(StudyOptions.Seeds))
        .SelectMany(seed => all.Where(one => names.Contains(one.Name)).Select(contender => (contender, seed)))
        .Where(pair => !done.Contains((pair.contender.Name, pair.seed)));
}
