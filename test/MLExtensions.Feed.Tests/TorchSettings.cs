// Dispose scopes and live tensors are counted per thread, random numbers come from one generator.
[assembly: DoNotParallelize]
