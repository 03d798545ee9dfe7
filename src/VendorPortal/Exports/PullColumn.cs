namespace VendorPortal.Exports;

/// <summary>What an export can tell of a pull. All but the CSV's first seven go by their names in the API.</summary>
internal enum PullColumn
{
    Id,
    At,
    Kind,
    Customer,
    User,
    Email,
    Address,
    Artifact,
    Version,
    Tag,
    Digest,
    Client,
    ClientVersion,
    Country,
    Host,
    NetworkType,
    Requests,
}
