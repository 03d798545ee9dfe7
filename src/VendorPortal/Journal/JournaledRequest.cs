using VendorPortal.Classification;

namespace VendorPortal.Journal;

/// <summary>A request that is durably in the journal and eligible: what the journal hands to the classification.</summary>
internal sealed class JournaledRequest
{
    public required int VendorId { get; init; }

    /// <summary>What the rules look at; carries the journal's id.</summary>
    public required ClassifiableRequest Facts { get; init; }

    public required int ArtifactId { get; init; }

    public required int VersionId { get; init; }

    public int? DigestId { get; init; }

    public int? AddressId { get; init; }

    public int? UserId { get; init; }

    public int? ClientId { get; init; }

    /// <summary>What the store says it is part of (see <see cref="Storage.Entities.JournalRequest.PullId"/>); null where it waits for classification.</summary>
    public long? PullId { get; set; }

    /// <summary>True where the store has a row that it is part of.</summary>
    public bool HasRow => PullId > 0;
}
