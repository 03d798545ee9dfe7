using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment;

namespace VendorPortal.Components.People;

/// <summary>The customers in use, or why there are none to see.</summary>
public sealed partial class CustomerTable
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<CustomerRow> Rows { get; set; }

    /// <summary>Null until it has been read.</summary>
    [Parameter]
    public LastDownloads? Last { get; set; }

    /// <summary>True where the vendor has no customer at all.</summary>
    [Parameter]
    public bool IsFirstRun { get; set; }

    [Parameter]
    public bool HasUsers { get; set; }

    [Parameter]
    public string? Search { get; set; }

    [Parameter]
    public EventCallback<CustomerRow> OnRename { get; set; }

    [Parameter]
    public EventCallback<CustomerRow> OnRemove { get; set; }

    [Parameter]
    public EventCallback OnAdd { get; set; }

    [Parameter]
    public EventCallback OnUpload { get; set; }

    [Parameter]
    public EventCallback OnClear { get; set; }
}
