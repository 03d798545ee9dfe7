using VendorPortal.Classification;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Benchmarks.Generation;

/// <summary>One generated pull: a row of the log by ids. 0 is unknown.</summary>
internal readonly record struct PullRow
{
    public required long Id { get; init; }

    public required PullKind Kind { get; init; }

    public required int Version { get; init; }

    /// <summary>What <see cref="Version"/> resolved to; itself where it is a digest.</summary>
    public required int Digest { get; init; }

    public required int Customer { get; init; }

    public required int User { get; init; }

    public required int Address { get; init; }

    public required int Client { get; init; }

    public required int Requests { get; init; }

    public required PullLabels Labels { get; init; }

    public int Artifact => World.ArtifactOfVersion(Version);

    public PullRule Rule => (Kind, World.IsDigest(Version)) switch
    {
        (PullKind.VersionCheck, false) => PullRule.HeadTag,
        (PullKind.VersionCheck, true) => PullRule.HeadDigest,
        (_, false) => PullRule.GetTagChildren,
        (_, true) => PullRule.GetDigest,
    };
}
