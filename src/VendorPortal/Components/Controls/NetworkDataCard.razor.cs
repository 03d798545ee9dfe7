using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment.Networks;

namespace VendorPortal.Components.Controls;

/// <summary>Where the facts of addresses come from: the operator's files and how they are, and what is built in.</summary>
public sealed partial class NetworkDataCard : ComponentBase
{
    [Inject]
    public required NetworkLookup Networks { get; init; }

    private static string Day(DateOnly date) => date.ToString("MMM d, yyyy", CultureInfo.InvariantCulture);

    private static string? What(NetworkFileStatus file) =>
        file.InUse ? string.Create(CultureInfo.InvariantCulture, $"{file.What}, {file.Entries:N0} entries") : null;
}
