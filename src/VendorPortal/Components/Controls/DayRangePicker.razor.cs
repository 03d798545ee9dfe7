using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>
/// Named ranges, two dates for any other, those of late in this browser, and steps to the range before and after; days of the member's zone.
/// </summary>
public sealed partial class DayRangePicker : ComponentBase
{
    private Popup? popup;
    private bool open;
    private bool reversed;
    private DateOnly? first;
    private DateOnly? last;
    private PullFilter? shown;
    private IReadOnlyList<DayRange> recent = [];
    private IReadOnlyList<DayRange> offered = [];

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    /// <summary>The name the range was chosen by.</summary>
    [Parameter]
    public Period? Period { get; set; }

    /// <summary>The ranges offered by name.</summary>
    [Parameter]
    public IReadOnlyList<Period> Periods { get; set; } = Period.All;

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    [Parameter]
    public EventCallback<PageFilter> OnChange { get; set; }

    private DayRange Range => DayRange.Of(Filter, Clock.Zone);

    private Period? Current => Period ?? (DayRange.IsOf(Filter, Clock.Zone) ? Period.Of(Range, Clock.Today) : null);

    private PageFilter? Previous => Step(forward: false);

    private PageFilter? Next => Step(forward: true);

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(shown, Filter))
            return;
        shown = Filter;
        (first, last) = Range;
        reversed = false;
    }

    // Before the panel is opened, so that nothing in it moves then.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            recent = RecentRanges.Parse(await Script.InvokeAsync<string?>("portal.recall", RecentRanges.Key));
    }

    /// <summary>Opens the panel and puts the focus on its button.</summary>
    public async Task OpenAsync()
    {
        SetOpen(true);
        StateHasChanged();
        if (popup is not null)
            await popup.FocusAsync();
    }

    // What is chosen now is offered when the panel is opened next.
    private void SetOpen(bool value)
    {
        open = value;
        if (open)
            offered = recent;
    }

    private PageFilter? Step(bool forward) => Period.Step(Filter, Clock.Zone, Now, forward);

    private Task StepAsync(PageFilter? to) => to is null ? Task.CompletedTask : OnChange.InvokeAsync(to);

    private async Task ChooseAsync(Period? period)
    {
        await OnChange.InvokeAsync(new PageFilter(period?.ApplyTo(Filter, Clock.Zone, Now) ?? DayRange.AllTime.ApplyTo(Filter, Clock.Zone), period));
        if (popup is not null)
            await popup.CloseAndFocusAsync();
    }

    private async Task SetAsync(ChangeEventArgs e, bool isFirst)
    {
        DateOnly? day = DateOnly.TryParseExact(e.Value as string, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
        if (isFirst)
            first = day;
        else
            last = day;
        reversed = first > last;
        if (!reversed)
            await ApplyAsync(new DayRange(first, last));
    }

    private async Task TakeAsync(DayRange range)
    {
        await ApplyAsync(range);
        if (popup is not null)
            await popup.CloseAndFocusAsync();
    }

    // Two dates are one choice: only the last of an opening is kept. The list is asked at once, not after the browser has answered.
    private async Task ApplyAsync(DayRange range)
    {
        var told = OnChange.InvokeAsync(new PageFilter(range.ApplyTo(Filter, Clock.Zone)));
        if (Period.Of(range, Clock.Today) is null)
        {
            recent = RecentRanges.Add(offered, range);
            await Script.InvokeVoidAsync("portal.keep", RecentRanges.Key, RecentRanges.Format(recent));
        }

        await told;
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
