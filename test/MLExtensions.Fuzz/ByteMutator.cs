namespace MLExtensions.Fuzz;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    /// <summary>A mutant of a file, of another length perhaps.</summary>
    /// <param name="file">The file.</param>
    /// <param name="other">Another one, of which pieces are taken.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Mutate(byte[] file, byte[] other, Random random)
    {
        var mutant = file.ToArray();
        for (var changes = random.Next(8) == 0 ? 1 + random.Next(20) : 1 + random.Next(2); changes > 0 && mutant.Length > 0; changes--)
        {
            mutant = Change(mutant, other, random);
        }

        return mutant;
    }

    private static byte[] Change(byte[] file, byte[] other, Random random)
    {
        // Headers are near both ends.
        var place = random.Next(3) switch { 0 => random.Next(Math.Min(file.Length, 64)), 1 => file.Length - 1 - random.Next(Math.Min(file.Length, 256)), _ => random.Next(file.Length) };
        var length = Math.Min(file.Length - place, 1 + (random.Next(4) == 0 ? random.Next(file.Length) : random.Next(16)));
        switch (random.Next(8))
        {
            case 0:
                file[place] ^= (byte)(1 << random.Next(8));
                return file;
            case 1:
                file[place] = (byte)random.Next(256);
                return file;
            case 2:
                return file[..place];
            case 3:
                return [.. file[..place], .. file[(place + length)..]];
            case 4:
                return [.. file[..(place + length)], .. file[place..]];
            case 5:
                random.NextBytes(file.AsSpan(place, length));
                return file;
            case 6:
                file.AsSpan(place, length).Fill((byte)(random.Next(2) * 255));
                return file;
            default:
                var from = random.Next(other.Length);
                var piece = other.AsSpan(from, Math.Min(length, other.Length - from));
                return [.. file[..place], .. piece, .. file[Math.Min(file.Length, place + piece.Length)..]];
        }
    }
}
