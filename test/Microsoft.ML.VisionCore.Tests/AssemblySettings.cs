// Torch's threads and counters are the whole process's.
[assembly: DoNotParallelize]
