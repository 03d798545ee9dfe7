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

    /// <summary>The tool; a value may name its version as well: <c>containerd/1.7.1</c>.</summary>
    Client,

    /// <summary>Of the address, as the next two.</summary>
    Country,

    /// <summary>The cloud.</summary>
    Host,
    NetworkType,
}
