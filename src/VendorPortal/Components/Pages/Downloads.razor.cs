using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Radzen;
using VendorPortal.Classification;
using VendorPortal.Components.Controls;
using VendorPortal.Demo;
using VendorPortal.Reports;
using VendorPortal.Security;

namespace VendorPortal.Components.Pages;

/// <summary>
/// The log of pulls. All it shows follows from its address: the filter, and with <c>pull</c> the row that is opened. Controls change
/// the address; the page reads it and reloads where the filter has changed.
/// </summary>
public sealed partial class Downloads : ComponentBase, IDisposable
{
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    private readonly CancellationTokenSource closing = new();
    private CancellationTokenSource? loading;
    private EventCallback<long> onOpen;
    private EventCallback<CellChoice> onCell;
    private CurrentVendor? vendor;
    private int? memberId;
    private MemberClock? clock;
    private PullLog? log;
    private FirstSteps? first;
    private ListSettingsMemory memory = new(ListSettings.Default);
    private FilterBar? bar;
    private PullFilter filter = PullFilter.Everything;
    private Period? period;
    private IReadOnlyList<FilterError> errors = [];
    private long? open;
    private long? focus;
    private PullCount? count;
    private Failure? failure;
    private Throttle? live;
    private ITimer? firstRunTimer;
    private int outstanding;
    private int revision;
    private bool busy;
    private bool loadingMore;

    [Inject]
    public required PullReader Reader { get; init; }

    [Inject]
    public required SavedViews Views { get; init; }

    [Inject]
    public required PullNotifications Notifications { get; init; }

    [Inject]
    public required SampleVendor Sample { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<Downloads> Logger { get; init; }

    [Inject]
    public required DialogService Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter]
    public ViewerZone Viewer { get; set; } = ViewerZone.Utc;

    [CascadingParameter]
    public ListSettingsMemory? Remembered { get; set; }

    /// <summary>What the prerendered page has read, so that the circuit does not read it again.</summary>
    [PersistentState]
    public byte[]? Persisted { get; set; }

    // With no filter chosen, nothing but the rule on publishers can be what hides the pulls.
    private bool HidesOnlyPublishers => log!.Filter is { } shown && shown.Publishers == PublisherPulls.Exclude && FilterWords.Phrases(shown).Count == 0;

    private string NewerText => log!.Newer switch
    {
        1 => "1 new pull",
        var n and < 1000 => $"{n} new pulls",
        _ => "1,000 or more new pulls",
    };

    // The rows of another filter take the places of those before, so that only what differs is sent and drawn; rows that come in on top have places of
    // their own. Times that the browser counts on by itself cannot be handed on like that.
    private object KeyOf(int place) => memory.Current.IsRelative ? log!.Rows[place].Id : place - log!.OnTop;

    private string ShownText => (log!.Rows.Count, count?.Count) switch
    {
        var (shown, _) when log.Next is null => shown == 1 ? "1 pull" : string.Create(Numbers, $"All {shown:N0} pulls"),
        var (shown, total) when total is { } all => string.Create(Numbers, $"{shown:N0} of {Math.Max(all, shown):N0}"),
        var (shown, _) => string.Create(Numbers, $"{shown:N0} shown"),
    };

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        Notifications.Changed -= OnPullsChanged;
        live?.Dispose();
        firstRunTimer?.Dispose();
        loading?.Cancel();
        closing.Cancel();
        loading?.Dispose();
        closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        (vendor, memberId) = (user.Vendor(), user.FindMemberId());
        clock = MemberClock.At(Viewer.Zone, Time.GetUtcNow());
        memory = Remembered ?? memory;
        first = new FirstSteps(Reader, Sample, Time, vendor.Id);
        log = new PullLog(Reader, vendor.Id) { Batch = memory.Current.Batch };
        onOpen = EventCallback.Factory.Create<long>(this, Open);
        onCell = EventCallback.Factory.Create<CellChoice>(this, TakeCellAsync);
        Navigation.LocationChanged += OnLocationChanged;
        ReadAddress();
        if (RendererInfo.IsInteractive)
        {
            live = new Throttle(Time, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(OnLiveAsync));
            Notifications.Changed += OnPullsChanged;
        }

        if (await OpenDefaultViewAsync())
            return;
        updatedUtc = Now;
        if (Carried.Unpack<PageState>(Persisted) is { } state && state.Query == Query())
            log.Restore(filter, state.Page);
        else
            await LoadAsync();
        if (!RendererInfo.IsInteractive && !first!.IsShown && log.Rows.Count > 0)
            Persisted = Carried.Pack(new PageState(Query(), new PullPage(log.Rows, log.Next)));
    }

    private async Task LoadAsync()
    {
        loading?.Cancel();
        loading?.Dispose();
        loading = new CancellationTokenSource();
        var ct = loading.Token;
        busy = true;
        failure = null;
        try
        {
            await log!.LoadAsync(filter, ct);
            failure = null; // of what went on meanwhile
            revision++;
            updatedUtc = Now;
            count = null;
            await first!.LookAsync(log.Rows.Count > 0, ct);
            WatchFirstRun();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            if (ct.IsCancellationRequested)
                return;
            Fail(e, "The pulls could not be read.", LoadAsync);
        }

        if (ct.IsCancellationRequested)
            return;
        busy = false;
        StateHasChanged();
    }

    private async Task MoreAsync()
    {
        if (loadingMore)
            return;
        loadingMore = true;
        var read = log!.Filter;
        try
        {
            await log.MoreAsync(closing.Token);
            failure = null;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            if (ReferenceEquals(read, log.Filter))
                Fail(e, "More pulls could not be read.", MoreAsync);
        }
        finally
        {
            loadingMore = false;
        }
    }

    // A larger batch is read at once; a smaller one takes no row away.
    private async Task SetListAsync(ListSettings settings)
    {
        memory.Current = settings;
        log!.Batch = settings.Batch;
        if (log.Rows.Count < settings.Batch && log.HasMore)
            await LoadAsync();
    }

    private Task RetryAsync() => failure?.Retry() ?? Task.CompletedTask;

    private void Fail(Exception e, string what, Func<Task> retry)
    {
        failure = new Failure(what, Activity.Current?.TraceId.ToHexString()[..12] ?? Guid.NewGuid().ToString("N")[..12], retry);
        Logger.LogError(e, "{What} Reference {Reference}", what, failure.Reference);
    }

    private Task ExportAsync()
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ExportDialog.VendorId)] = vendor!.Id, [nameof(ExportDialog.Filter)] = filter, [nameof(ExportDialog.Period)] = period,
            [nameof(ExportDialog.Clock)] = clock, [nameof(ExportDialog.Total)] = busy ? null : count?.Count,
        };
        return Dialogs.OpenAsync<ExportDialog>("Export", parameters, new DialogOptions { Width = "620px", CloseDialogOnEsc = true, CloseDialogOnOverlayClick = true, AutoFocusFirstElement = true });
    }

    private void SetCount(PullCount value) => count = value;

    private void OnListKey(KeyboardEventArgs e)
    {
        if (e.Key == "Escape" && open is not null)
            Close();
    }

    private sealed record PageState(string Query, PullPage Page);

    // What failed is what is tried again.
    private sealed record Failure(string What, string Reference, Func<Task> Retry);
}
