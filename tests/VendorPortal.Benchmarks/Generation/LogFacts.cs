namespace VendorPortal.Benchmarks.Generation;

/// <summary>
/// What the generator knows of the log it wrote: the named values of the filters and how many pulls they must find. Kept beside the
/// database as JSON, written last: a database without it is not complete.
/// </summary>
public sealed record LogFacts
{
    /// <summary>Raised where the generator writes something else for the same seed.</summary>
    public const int CurrentGenerator = 2;

    public required int Generator { get; init; }

    public required long Pulls { get; init; }

    /// <summary>Pulls without label: what the default filter keeps.</summary>
    public required long Unlabelled { get; init; }

    /// <summary>What a hash over all rows comes to: equal logs are equal here.</summary>
    public required string Fingerprint { get; init; }

    public required long CommonCustomerPulls { get; init; }

    public required long ApartArtifactPulls { get; init; }

    public required long RareCustomerPulls { get; init; }

    public required long RareUserPulls { get; init; }

    /// <summary>The digest of the artifact that stays apart from the common customer that most pulls ask for.</summary>
    public required string ApartDigest { get; init; }

    public required long ApartDigestPulls { get; init; }

    /// <summary>The common customer's most used address.</summary>
    public required string CommonAddress { get; init; }

    public required long CommonAddressPulls { get; init; }

    /// <summary>Fifty addresses that were seen least.</summary>
    public required IReadOnlyList<string> RareAddresses { get; init; }

    public required long RareAddressesPulls { get; init; }

    /// <summary>A pull in the middle of the log whose customer, user, address, artifact and version are all known.</summary>
    public required KnownPull Sample { get; init; }
}

/// <summary>A pull by its names.</summary>
public sealed record KnownPull(long Id, string Customer, string User, string Address, string Artifact, string Version);
