using Microsoft.AspNetCore.Components;
using VendorPortal.Enrichment;

namespace VendorPortal.Components.People;

/// <summary>The users of the registry with a choice of several, or why there are none to see.</summary>
public sealed partial class UserTable
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<UserRow> Rows { get; set; }

    /// <summary>Ids of the chosen users; the table adds and removes.</summary>
    [Parameter, EditorRequired]
    public required HashSet<int> Selected { get; set; }

    /// <summary>Null until it has been read.</summary>
    [Parameter]
    public LastDownloads? Last { get; set; }

    /// <summary>True where no account was seen at all.</summary>
    [Parameter]
    public bool IsFirstRun { get; set; }

    [Parameter]
    public string? Search { get; set; }

    [Parameter]
    public bool UnassignedOnly { get; set; }

    [Parameter]
    public EventCallback<UserRow> OnEdit { get; set; }

    [Parameter]
    public EventCallback OnSelected { get; set; }

    [Parameter]
    public EventCallback OnClear { get; set; }

    private bool AllSelected => Rows.All(row => Selected.Contains(row.Id));

    private Task SelectAsync(UserRow row, bool isSelected)
    {
        _ = isSelected ? Selected.Add(row.Id) : Selected.Remove(row.Id);
        return OnSelected.InvokeAsync();
    }

    private Task SelectAllAsync(bool isSelected)
    {
        foreach (var row in Rows)
            _ = isSelected ? Selected.Add(row.Id) : Selected.Remove(row.Id);
        return OnSelected.InvokeAsync();
    }
}
