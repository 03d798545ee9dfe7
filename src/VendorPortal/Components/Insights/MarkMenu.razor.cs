using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Hosting;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>The vendor's marks in the range shown: add one, change it, remove it and take that back.</summary>
public sealed partial class MarkMenu : ComponentBase, IDisposable
{
    private IReadOnlyList<TimelineMarkItem>? marks;
    private TimelineMarkItem? changing;
    private TimelineMarkItem? removed;
    private InsightsRange? seen;
    private DateOnly day;
    private string text = "";
    private string? error;
    private string? outside;
    private CancellationTokenSource? loading;
    private bool isRelease = true;
    private bool open;
    private bool busy;

    [Inject]
    public required TimelineMarks Marks { get; init; }

    [Inject]
    public required ILogger<MarkMenu> Logger { get; init; }

    /// <summary>From the verified sign-in of the page.</summary>
    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required InsightsRange Range { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<TimelineMarkItem>> OnMarks { get; set; }

    public void Dispose()
    {
        loading?.Cancel();
        loading?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (seen is { } before && before.First == Range.First && before.Last == Range.Last)
            return;
        seen = Range;
        day = Range.Last;
        await LoadAsync();
        StateHasChanged();
    }

    private void SetOpenAsync(bool value) => (open, error, outside, removed, changing, text, day, isRelease) = (value, null, null, null, null, "", Range.Last, true);

    private void SetDay(ChangeEventArgs e)
    {
        if (DateOnly.TryParseExact(e.Value as string, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given))
            day = given;
    }

    private void Change(TimelineMarkItem mark) => (changing, text, day, isRelease, error) = (mark, mark.Text, mark.Day, mark.IsRelease, null);

    private Task SaveAsync() => DoAsync(async () =>
    {
        var mark = new TimelineMarkItem(changing?.Id ?? 0, day, text, isRelease);
        if (changing is null)
            await Marks.AddAsync(VendorId, mark, CancellationToken.None);
        else
            await Marks.ChangeAsync(VendorId, mark, CancellationToken.None);
        outside = day < Range.First || day > Range.Last ? $"“{mark.Text.Trim()}” is kept on {day.ToString("MMM d yyyy", InsightsWords.English)}, outside the span shown." : null;
        (changing, text, removed) = (null, "", null);
    });

    private Task RemoveAsync(TimelineMarkItem mark) => DoAsync(async () =>
    {
        await Marks.RemoveAsync(VendorId, mark.Id, CancellationToken.None);
        (removed, changing, text) = (mark, null, "");
    });

    private Task RestoreAsync() => DoAsync(async () =>
    {
        await Marks.AddAsync(VendorId, removed!, CancellationToken.None);
        removed = null;
    });

    // The newest span asked for is what counts, whatever is being changed meanwhile.
    private async Task LoadAsync()
    {
        loading?.Cancel();
        loading?.Dispose();
        loading = new CancellationTokenSource();
        var ct = loading.Token;
        try
        {
            var read = await Marks.ListAsync(VendorId, Range.First, Range.Last, ct);
            ct.ThrowIfCancellationRequested();
            marks = read;
            await OnMarks.InvokeAsync(marks);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Logger.LogError(e, "Marks could not be read");
            if (!ct.IsCancellationRequested)
                error = "The marks could not be read; try again.";
        }
    }

    private async Task DoAsync(Func<Task> change)
    {
        if (busy)
            return;
        (busy, error, outside) = (true, null, null);
        try
        {
            await change();
            await LoadAsync();
        }
        catch (InputException wrong)
        {
            error = wrong.Message;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "A mark could not be kept");
            error = "That did not work; try again.";
        }
        finally
        {
            busy = false;
        }
    }
}
