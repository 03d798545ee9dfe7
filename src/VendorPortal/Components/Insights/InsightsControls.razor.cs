using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;
using VendorPortal.Reports.Insights;

namespace VendorPortal.Components.Insights;

/// <summary>What the page Insights shows: time span, how it is cut, which repositories or namespaces, with their downloads in that span.</summary>
public sealed partial class InsightsControls : ComponentBase, IDisposable
{
    // More are found by typing.
    private const int MaxShown = 100;
    private const int MaxRead = 20_000;

    private CancellationTokenSource? query;
    private List<Choice>? choices;
    private (DateOnly First, DateOnly Last, bool ByNamespace)? read;
    private DateOnly? first;
    private DateOnly? last;
    private InsightsView? seen;
    private string search = "";
    private bool reversed;
    private bool failed;

    [Inject]
    public required FilterOptionsReader Options { get; init; }

    [Inject]
    public required ILogger<InsightsControls> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    [Parameter, EditorRequired]
    public required InsightsView View { get; set; }

    [Parameter, EditorRequired]
    public required DateOnly Today { get; set; }

    [Parameter]
    public EventCallback<InsightsView> OnChange { get; set; }

    private InsightsRange Range => View.Range(Today);

    private IEnumerable<Choice> Found => (choices ?? []).Where(choice => search.Trim() is not { Length: > 0 } text || choice.Name.Contains(text, StringComparison.OrdinalIgnoreCase));

    // What is chosen first, so that it can be taken back however many there are.
    private IEnumerable<Choice> Shown => Found.OrderByDescending(choice => View.Chosen.Contains(choice.Name)).Take(MaxShown);

    private string Status => (choices, Found.Count()) switch
    {
        (null, _) => "",
        ({ Count: 0 }, _) => "No downloads in this span",
        (_, 0) => $"Nothing contains “{search.Trim()}”",
        (_, > MaxShown and var found) => $"{MaxShown} of {InsightsWords.Number(found)}, type to narrow",
        _ when View.Chosen.Count > 0 => $"{View.Chosen.Count} chosen",
        _ => "All are shown",
    };

    public void Dispose()
    {
        query?.Cancel();
        query?.Dispose();
    }

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(seen, View))
            return;
        seen = View;
        (first, last, reversed) = (Range.First, Range.Last, false);
    }

    // In the circuit only, and after the page is on the screen.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (read != (Range.First, Range.Last, View.ByNamespace))
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        query?.Cancel();
        query?.Dispose();
        query = new CancellationTokenSource();
        var ct = query.Token;
        if (read?.ByNamespace != View.ByNamespace)
            choices = null;
        read = (Range.First, Range.Last, View.ByNamespace);
        try
        {
            var filter = InsightsWords.OnlyDownloads(Range.ApplyTo(InsightsView.Everything()));
            var found = (await Options.ReadAsync(VendorId, filter, FilterDimension.Artifact, null, MaxRead, ct)).Options;
            ct.ThrowIfCancellationRequested();
            // What was chosen and has no downloads now can still be taken back.
            var all = (View.ByNamespace ? found.GroupBy(option => ArtifactNames.NamespaceOf(option.Value), option => option.Count).Select(group => new Choice(group.Key, group.Sum())) : found.Select(option => new Choice(option.Value, option.Count))).ToList();
            choices = [.. all.Concat(View.Chosen.Except(all.Select(choice => choice.Name)).Select(name => new Choice(name, 0))).OrderByDescending(choice => choice.Pulls).ThenBy(choice => choice.Name, StringComparer.Ordinal)];
            failed = false;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.LogError(e, "Repositories could not be read");
            failed = true;
        }

        StateHasChanged();
    }

    private Task ToggleAsync(string name) => OnChange.InvokeAsync(View with { Chosen = View.Chosen.Toggle(name) });

    private async Task SetAsync(ChangeEventArgs e, bool isFirst)
    {
        DateOnly? day = DateOnly.TryParseExact(e.Value as string, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
        if (isFirst)
            first = day;
        else
            last = day;
        reversed = first > last;
        if (!reversed && first >= InsightsRange.Oldest && last <= Today)
            await OnChange.InvokeAsync(View with { Months = null, From = first, To = last });
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record Choice(string Name, long Pulls);
}
