using MLExtensions.FreshProcess;

// A user's program in a process of its own.
//   score MODEL IMAGE...       bits of the scores of image files
//   repeat TIMES               hashes of a training, of one that was stopped and resumed, and of scores in batches of 1, 7 and 64 rows, TIMES times
switch (args)
{
    case ["score", var model, .. var images]:
        Scoring.Print(model, images);
        return 0;
    case ["repeat", var times]:
        Repetition.Print(int.Parse(times));
        return 0;
    default:
        return 2;
}
