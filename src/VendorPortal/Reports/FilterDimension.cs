namespace VendorPortal.Reports;

/// <summary>The dimensions whose values can be listed and picked.</summary>
public enum FilterDimension
{
    Customer,
    User,
    Address,
    Artifact,
    Version,
    Kind,

    /// <summary>The tool, without its version.</summary>
    Client,

    /// <summary>Of the address, as the next two.</summary>
    Country,

    /// <summary>The cloud.</summary>
    Host,
    NetworkType,
}
