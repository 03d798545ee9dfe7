namespace VendorPortal.Benchmarks.Generation;

/// <summary>A seeded source of chance (SplitMix64) whose numbers are the same on every machine and every version of .NET.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, but not, 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 up to, but not, <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(Next() * count);

    /// <summary>As <see cref="Next(int)"/>, where small numbers are likelier than large ones.</summary>
    public int NextSkewed(int count)
    {
        var u = Next();
        return (int)(u * u * count);
    }
}

/// <summary>Zipf's law with exponent 1: the n-th rank is drawn in proportion to 1/n.</summary>
internal sealed class Zipf
{
    private readonly double[] cumulative;

    public Zipf(int ranks)
    {
        cumulative = new double[ranks];
        var sum = 0.0;
        for (var i = 0; i < ranks; i++)
            cumulative[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < ranks; i++)
            cumulative[i] /= sum;
    }

    public int Ranks => cumulative.Length;

    /// <summary>The part of all draws that falls on the ranks up to and with <paramref name="rank"/> (1 is the most frequent).</summary>
    public double UpTo(int rank) => rank == 0 ? 0 : cumulative[rank - 1];

    /// <summary>A rank, from 1.</summary>
    public int Draw(Dice dice)
    {
        var found = Array.BinarySearch(cumulative, dice.Next());
        return Math.Min(found < 0 ? ~found : found + 1, cumulative.Length - 1) + 1;
    }
}
