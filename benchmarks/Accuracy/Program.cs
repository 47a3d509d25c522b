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
using TorchSharp;

var mixers = new Option<string[]>("--mixers") { Description = "The mixers to run; all where not given.", AllowMultipleArgumentsPerToken = true };
var seeds = new Option<int>("--seeds") { Description = "Seeds for each mixer: 0, 1, ...", DefaultValueFactory = _ => 3 };
var firstSeed = new Option<int>("--first-seed") { Description = "The first seed.", DefaultValueFactory = _ => 0 };
var log = new Option<string?>("--log") { Description = "A file of finished runs, one JSON object a line; runs that are in it are not run again." };

var dataset = new Option<string>("--dataset") { Description = "A zip of images in a folder for each class.", Required = true };
var cifarSteps = new Option<int>("--steps") { Description = "Batches of 128 images, at most one pass over the training images.", DefaultValueFactory = _ => 300 };
var cifar = new Command("cifar", "Every mixer, in one place of the default model or another, on CIFAR-10.") { dataset, cifarSteps };
cifar.SetAction(parsed =>
{
    using var study = new CifarStudy(parsed.GetValue(dataset)!, side: 32);
    return Run(parsed, CifarStudy.Contenders, (contender, seed) => study.Run(contender, seed, parsed.GetValue(cifarSteps)));
});

var steps = new Option<int>("--steps") { Description = "Training steps of 32 images.", DefaultValueFactory = _ => 400 };
var tokens = new Option<int>("--tokens") { Description = "Pixels of each image.", DefaultValueFactory = _ => 256 };
var inContextSeconds = new Option<int?>("--seconds") { Description = "Processor time of each training in place of steps, at a rate that does not fall." };
var inContext = new Command("in-context-regression", "One block on a task whose function exists only inside the image.") { steps, tokens, inContextSeconds };
inContext.SetAction(parsed =>
{
    using var study = new Study(parsed.GetValue(tokens));
    return parsed.GetValue(inContextSeconds) is { } time
        ? Curves(parsed, Study.Contenders, Study.Columns, (contender, seed) => study.Curve(contender, seed, time))
        : Run(parsed, Study.Contenders, (contender, seed) => study.Run(contender, seed, parsed.GetValue(steps)));
});

var forSeconds = new Option<int>("--seconds") { Description = "Processor time of each training, without validations.", DefaultValueFactory = _ => 360 };
var rawPixels = new Command("raw-pixels", "CIFAR-10 without a stem: every pixel is a token.") { dataset, forSeconds };
rawPixels.SetAction(parsed =>
{
    using var study = new RawPixelStudy(parsed.GetValue(dataset)!);
    return Curves(parsed, Contender.All, RawPixelStudy.Columns, (contender, seed) => study.Run(contender, seed, parsed.GetValue(forSeconds)));
});

var folder = new Option<string>("--data") { Description = "The folder with caltech101_84px.zip and omniglot_images_background.zip.", Required = true };
var details = new Command("details", "Small marks in large pictures: by many tokens, by few, and by convolutions alone.") { folder, forSeconds };
details.SetAction(parsed =>
{
    using var study = new DetailStudy(parsed.GetValue(folder)!);
    return Curves(parsed, DetailStudy.Contenders, DetailStudy.Columns, (contender, seed) => study.Run(contender, seed, parsed.GetValue(forSeconds)));
});

var seconds = new Option<int>("--seconds") { Description = "The time that the trainer may take.", DefaultValueFactory = _ => 300 };
var perClass = new Option<int>("--per-class") { Description = "Training images of each class; 0 for all.", DefaultValueFactory = _ => 0 };
var contenders = new Option<string[]>("--contenders") { Description = "What to run; all where not given.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. PhotographStudy.Contenders] };
contenders.AcceptOnlyFromAmong([.. PhotographStudy.Contenders]);
var photographs = new Command("photographs", "The trainer on its backbone beside what ML.NET has on the same one.") { dataset, seconds, perClass, contenders, seeds, firstSeed };
photographs.SetAction(parsed =>
{
    var study = new PhotographStudy(parsed.GetValue(dataset)!);
    foreach (var seed in Enumerable.Range(parsed.GetValue(firstSeed), parsed.GetValue(seeds)))
    {
        foreach (var contender in parsed.GetValue(contenders)!)
        {
            var (accuracy, logLoss, spent, training, heldOut) = study.Run(contender, seed, parsed.GetValue(perClass), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contender} seed {seed}: {100 * accuracy:F1} % of {heldOut} held out, log-loss {logLoss:F3}, trained on {training} in {spent:F0} s"));
        }
    }
});

var data = new Option<string>("--data") { Description = "The folder with cifar_fs_train.zip, cifar_fs_val.zip and caltech101_84px.zip.", Required = true };
var output = new Option<string>("--output") { Description = "Where Photographs.json and Photographs.safetensors are put.", Required = true };
var tasks = new Option<int>("--tasks") { Description = "Training tasks.", DefaultValueFactory = _ => 250 };
var generator = new Command("photographs-generator", "Trains what Microsoft.ML.FewShot ships for photographs.") { data, output, tasks };
generator.SetAction(parsed => PhotographGenerator.Make(parsed.GetValue(data)!, parsed.GetValue(output)!, parsed.GetValue(tasks)));

var root = new RootCommand("Accuracy studies: mean and spread over seeds on data that training never saw.") { cifar, inContext, rawPixels, details, photographs, generator, FewShotCommand.Create() };
foreach (var command in new[] { cifar, inContext, rawPixels, details })
{
    foreach (var option in new Option[] { mixers, seeds, firstSeed, log })
    {
        command.Options.Add(option);
    }
}

return root.Parse(args).Invoke();

int Run(ParseResult parsed, IReadOnlyList<Contender> among, Func<Contender, int, StudyRun> run)
{
    var finished = new StudyLog<StudyRun>(parsed.GetValue(log));
    foreach (var (contender, seed) in Missing(parsed, among, finished.Runs.Select(done => (done.Contender, done.Seed))))
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

int Curves(ParseResult parsed, IReadOnlyList<Contender> among, IReadOnlyList<string> columns, Func<Contender, int, IReadOnlyList<CurvePoint>> run)
{
    var finished = new StudyLog<CurvePoint>(parsed.GetValue(log));
    foreach (var (contender, seed) in Missing(parsed, among, finished.Runs.Select(done => (done.Contender, done.Seed))))
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
IEnumerable<(Contender Contender, int Seed)> Missing(ParseResult parsed, IReadOnlyList<Contender> among, IEnumerable<(string Contender, int Seed)> finished)
{
    torch.set_num_threads(1);
    var done = finished.ToHashSet();
    return Enumerable.Range(parsed.GetValue(firstSeed), parsed.GetValue(seeds))
        .SelectMany(seed => Contender.Named(among, parsed.GetValue(mixers) ?? []).Select(contender => (contender, seed)))
        .Where(pair => !done.Contains((pair.contender.Name, pair.seed)));
}
