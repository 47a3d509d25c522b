
// Torch's tensors, threads and live-tensor counts are shared by the process.
[assembly: DoNotParallelize]
