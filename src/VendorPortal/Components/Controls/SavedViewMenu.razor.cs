using Microsoft.AspNetCore.Components;
using VendorPortal.Hosting;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>The member's saved views: choose one, keep the present filters as one, rename, share, make default, remove.</summary>
public sealed partial class SavedViewMenu : ComponentBase
{
    private Popup? popup;
    private IReadOnlyList<SavedViewItem>? views;
    private SavedViewItem? renaming;
    private SavedViewItem? removed;
    private int? changing;
    private string name = "";
    private string? error;
    private bool open;
    private bool busy;

    [Inject]
    public required SavedViews Views { get; init; }

    [Inject]
    public required ILogger<SavedViewMenu> Logger { get; init; }

    /// <summary>From the verified sign-in of the page.</summary>
    [Parameter, EditorRequired]
    public required int VendorId { get; set; }

    /// <summary>From the verified sign-in of the page.</summary>
    [Parameter, EditorRequired]
    public required int MemberId { get; set; }

    /// <summary>What the page shows, as the query of its address.</summary>
    [Parameter, EditorRequired]
    public required string Query { get; set; }

    private SavedViewItem? Current => views?.FirstOrDefault(view => view.Query == Query);

    private async Task SetOpenAsync(bool value)
    {
        open = value;
        (error, removed, renaming, changing, name) = (null, null, null, null, "");
        if (open)
            await DoAsync(() => Task.CompletedTask);
    }

    private Task CloseAsync() => popup!.CloseAndFocusAsync();

    private void Change(SavedViewItem view) => changing = changing == view.Id ? null : view.Id;

    private void Rename(SavedViewItem view) => (renaming, name, error) = (view, view.Name, null);

    private Task SaveAsync() => DoAsync(async () =>
    {
        if (renaming is { } view)
            await Views.RenameAsync(VendorId, MemberId, view.Id, name, CancellationToken.None);
        else
            await Views.SaveAsync(VendorId, MemberId, name, Query, CancellationToken.None);
        (renaming, changing, name) = (null, null, "");
    });

    private Task ShareAsync(SavedViewItem view) => DoAsync(() => Views.ShareAsync(VendorId, MemberId, view.Id, !view.IsShared, CancellationToken.None));

    private Task DefaultAsync(SavedViewItem view) => DoAsync(() => Views.SetDefaultAsync(VendorId, MemberId, view.IsDefault ? null : view.Id, CancellationToken.None));

    private Task ReplaceAsync(SavedViewItem view) => DoAsync(() => Views.ReplaceAsync(VendorId, MemberId, view.Id, Query, CancellationToken.None));

    private Task RemoveAsync(SavedViewItem view) => DoAsync(async () =>
    {
        await Views.RemoveAsync(VendorId, MemberId, view.Id, CancellationToken.None);
        removed = view;
    });

    private Task RestoreAsync() => DoAsync(async () =>
    {
        await Views.RestoreAsync(VendorId, MemberId, removed!, CancellationToken.None);
        removed = null;
    });

    // Not cancelled with the page: what was asked for is done. The list is then read again.
    private async Task DoAsync(Func<Task> change)
    {
        if (busy)
            return;
        busy = true;
        error = null;
        try
        {
            await change();
            views = await Views.ListAsync(VendorId, MemberId, CancellationToken.None);
        }
        catch (InputException e)
        {
            error = e.Message;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "The saved views could not be read or changed");
            error = "The saved views could not be read or changed. Try again.";
        }
        finally
        {
            busy = false;
        }
    }
}
