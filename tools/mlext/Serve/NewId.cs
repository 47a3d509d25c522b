using System.Security.Cryptography;

namespace MLExt.Serve;

/// <summary>Makes ids that cannot be guessed.</summary>
internal static class NewId
{
    private const int Bytes = 8;

    /// <summary>A new id, in hexadecimal digits.</summary>
    public static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
}
