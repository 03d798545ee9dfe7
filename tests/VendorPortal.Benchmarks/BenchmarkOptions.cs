namespace VendorPortal.Benchmarks;

/// <summary>What is measured, on how much, how often.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Size of the log.</summary>
    public required long Pulls { get; init; }

    /// <summary>Where generated databases are kept, and what is thrown away is put meanwhile.</summary>
    public required string Data { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Measured runs of a question.</summary>
    public required int Runs { get; init; }

    /// <summary>What a question may take altogether; a slow one gets fewer runs.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Requests in the journal before the load that shows what a large journal costs.</summary>
    public required int Journal { get; init; }

    /// <summary>How long each load of the ingestion lasts.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>Part of the name of the filters that are measured; empty for all.</summary>
    public string Only { get; init; } = "";
}
