using System.Globalization;
using Microsoft.AspNetCore.Components;
using VendorPortal.Reports;

namespace VendorPortal.Components.Controls;

/// <summary>Named ranges, and two dates for any other; days of the member's zone.</summary>
public sealed partial class DayRangePicker : ComponentBase
{
    private Popup? popup;
    private bool open;
    private bool reversed;
    private DateOnly? first;
    private DateOnly? last;
    private PullFilter? shown;

    [Parameter, EditorRequired]
    public required PullFilter Filter { get; set; }

    [Parameter, EditorRequired]
    public required MemberClock Clock { get; set; }

    [Parameter]
    public EventCallback<DayRange> OnChange { get; set; }

    private DayRange Range => DayRange.Of(Filter, Clock.Zone);

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(shown, Filter))
            return;
        shown = Filter;
        (first, last) = Range;
        reversed = false;
    }

    private async Task ChooseAsync(DayRange range)
    {
        await OnChange.InvokeAsync(range);
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
            await OnChange.InvokeAsync(new DayRange(first, last));
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
