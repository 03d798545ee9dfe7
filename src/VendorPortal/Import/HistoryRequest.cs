using System.Runtime.InteropServices;
using VendorPortal.Classification;

namespace VendorPortal.Import;

/// <summary>
/// A request of the past on its way from the file to the classification: numbers only, of one size, so that runs of them can be sorted
/// and spilled to a file as they lie in memory. An id of 0 stands for "unknown".
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct HistoryRequest
{
    /// <summary>What repeats are known by, as the journal hashes it.</summary>
    public required UInt128 EventId { get; init; }

    /// <summary>Start, UTC ticks of 100 ns.</summary>
    public required long Ticks { get; init; }

    public required int ArtifactId { get; init; }

    public required int VersionId { get; init; }

    public int DigestId { get; init; }

    public int AddressId { get; init; }

    public int UserId { get; init; }

    public int ClientId { get; init; }

    public short Status { get; init; }

    public RequestMethod Method { get; init; }

    /// <summary>Set where the source has classified already.</summary>
    public PullKind? GivenKind { get; init; }

    /// <summary>Time, then event: repeats lie side by side.</summary>
    public static int Compare(in HistoryRequest a, in HistoryRequest b)
    {
        var order = a.Ticks.CompareTo(b.Ticks);
        return order != 0 ? order : a.EventId.CompareTo(b.EventId);
    }
}

/// <summary>A pull of the past, ready to be appended to the log. An id of 0 stands for "unknown".</summary>
internal readonly record struct HistoryPull
{
    /// <summary>Start of its first request, UTC ticks of 100 ns.</summary>
    public required long Ticks { get; init; }

    public required PullKind Kind { get; init; }

    public required PullRule Rule { get; init; }

    public required bool IsAuxiliary { get; init; }

    public required int ArtifactId { get; init; }

    public required int VersionId { get; init; }

    public int DigestId { get; init; }

    public int AddressId { get; init; }

    public int UserId { get; init; }

    public int ClientId { get; init; }

    public required int Requests { get; init; }

    /// <summary>The answer that a denied client was left with.</summary>
    public int? Status { get; init; }
}
