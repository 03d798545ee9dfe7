namespace VendorPortal.Benchmarks.Generation;

/// <summary>A CI job of a customer: pulls the same thing again and again.</summary>
internal sealed record CiJob
{
    public required int User { get; init; }

    public required int Address { get; init; }

    public required int Client { get; init; }

    public required int Artifact { get; init; }

    public required Reference Asks { get; init; }

    /// <summary>The release it is pinned to, where it is.</summary>
    public required int Release { get; init; }

    /// <summary>True where it mostly looks whether there is something new.</summary>
    public required bool IsPolling { get; init; }

    /// <summary>The jobs of each customer, by its id: as many as its share of the pulls is worth.</summary>
    public static CiJob[][] Place(World world, Dice dice)
    {
        var jobs = new CiJob[World.Customers + 1][];
        jobs[0] = [];
        for (var customer = 1; customer <= World.Customers; customer++)
        {
            var count = customer == World.RareCustomer ? 0 : Rounded(customer) - Rounded(customer - 1);
            jobs[customer] = [.. Enumerable.Range(0, count).Select(_ => Draw(world, customer, dice))];
        }

        return jobs;

        static int Rounded(int rank) => (int)Math.Round(World.Jobs * World.CustomerShares.UpTo(rank));
    }

    private static CiJob Draw(World world, int customer, Dice dice) => new()
    {
        User = dice.Next() < 0.2 ? 0 : Pick(world.UsersOf(customer), dice),
        Address = Pick(world.AddressesOf(customer), dice),
        Client = dice.NextSkewed(World.UserAgents.Count) + 1,
        Artifact = Traffic.ArtifactFor(customer, dice),
        Asks = dice.Next() switch { < 0.35 => Reference.Latest, < 0.5 => Reference.Stable, < 0.8 => Reference.Tag, _ => Reference.Digest },
        Release = dice.Next(World.Releases),
        IsPolling = dice.Next() < 0.5,
    };

    internal static int Pick(Range ids, Dice dice) => ids.Start.Value + dice.NextSkewed(ids.End.Value - ids.Start.Value);
}

/// <summary>What is asked for.</summary>
internal enum Reference
{
    Latest,
    Stable,
    Tag,
    Digest,
}
