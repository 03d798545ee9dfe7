using Microsoft.AspNetCore.Components;
using VendorPortal.Analytics;
using VendorPortal.Components.Controls;

namespace VendorPortal.Components.Insights;

/// <summary>The report files of each week and month, to be downloaded. Listed in the circuit, after the charts.</summary>
public sealed partial class ReportFilesPanel : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private IReadOnlyList<string>? namespaces;
    private IReadOnlyList<int> years = [];
    private IReadOnlyList<ReportPeriodFiles>? periods;
    private string? chosen;
    private ReportTimespan timespan = ReportTimespan.Weeks;
    private int? year;
    private CancellationToken ct;
    private int asked;
    private bool busy;
    private bool failed;

    [Inject]
    public required ReportFiles Files { get; init; }

    [Inject]
    public required ReportCalendar Calendar { get; init; }

    [Inject]
    public required ILogger<ReportFilesPanel> Logger { get; init; }

    [Parameter, EditorRequired]
    public int VendorId { get; set; }

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    protected override void OnInitialized() => ct = gone.Token;

    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? ChooseAsync(null, timespan, null) : Task.CompletedTask;

    // Without a year, the newest.
    private async Task ChooseAsync(string? wanted, ReportTimespan by, int? of)
    {
        var mine = ++asked;
        (busy, failed, timespan) = (true, false, by);
        (chosen, year) = (wanted, of); // also where it cannot be read: that is what is tried again
        StateHasChanged();
        try
        {
            var all = await Calendar.NamespacesAsync(VendorId, ct);
            var name = wanted ?? (all.Count > 0 ? all[0] : null);
            var found = name is null ? [] : await Files.YearsAsync(VendorId, name, by, ct);
            int? newest = found.Count > 0 ? found[0] : null;
            IReadOnlyList<ReportPeriodFiles> listed = name is null || (of ?? newest) is not { } one ? [] : await Files.ListAsync(VendorId, name, by, one, ct);
            if (mine != asked)
                return; // another choice since
            (namespaces, chosen, years, year, periods) = (all, name, found, of ?? newest, listed);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            if (mine != asked)
                return;
            Logger.LogError(e, "The report files could not be listed");
            (failed, periods) = (true, null);
        }

        busy = false;
        StateHasChanged();
    }

    private static string Name(ReportPeriod period) =>
        period.Timespan == ReportTimespan.Weeks ? $"Week {InsightsWords.Number(period.Number)}" : period.FirstDay.ToString("MMMM", InsightsWords.English);

    private static string Days(ReportPeriod period) => period.Timespan == ReportTimespan.Weeks
        ? $"{period.FirstDay.ToString("MMM d", InsightsWords.English)} – {period.LastDay.ToString("MMM d", InsightsWords.English)}"
        : "";

    private static string Word(ReportView view) => view switch
    {
        ReportView.Raw => "Raw",
        ReportView.Summary => "Summary",
        ReportView.RepoSummary => "By repository",
        ReportView.NamespaceSummary => "By namespace",
        ReportView.CoreSummary => "Core summary",
        _ => "Core trends",
    };

    private static string Means(ReportView view) => view switch
    {
        ReportView.Raw => "A row for each download and version check",
        ReportView.Summary => "A row for each repository and tag or digest",
        ReportView.RepoSummary => "A row for each repository",
        ReportView.NamespaceSummary => "One row",
        ReportView.CoreSummary => "Data downloads and version checks, by repository, tag and digest",
        _ => "Data downloads and version checks by country, cloud, client and tag, with unique users",
    };

    private static string State(ReportFile file) => file.State switch
    {
        ReportState.Incomplete => "as of now",
        ReportState.Waiting => "made when asked for",
        ReportState.Outdated => "changed since",
        _ => $"{(file.Parts.Count > 1 ? $"{InsightsWords.Number(file.Parts.Count)} files " : "")}{ByteText.Of(file.Bytes)}{(file.State == ReportState.Reproduced ? ", made again" : "")}",
    };

    private static string StateTitle(ReportFile file) => file.State switch
    {
        ReportState.Incomplete => "The period goes on, or what was received of it is not all counted: it is made for you as it is now, and not kept",
        ReportState.Waiting => "The period is over; the file is made when it is first asked for, and kept",
        ReportState.Outdated => "Pulls of the period have changed since the file was made: it is made again once they rest",
        ReportState.Reproduced => $"What is known of the pulls had changed: this is revision {InsightsWords.Number(file.Revision)}, made {file.ProducedUtc:yyyy-MM-dd HH:mm} UTC, {InsightsWords.Number(file.Rows)} rows",
        _ => $"Made {file.ProducedUtc:yyyy-MM-dd HH:mm} UTC, {InsightsWords.Number(file.Rows)} rows",
    };
}
