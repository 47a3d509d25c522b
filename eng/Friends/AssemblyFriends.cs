using System.Runtime.CompilerServices;

// The runtime's side of what Library.targets does for the compiler. Matched by simple name.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.ImageAnalytics")]
