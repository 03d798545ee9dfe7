using System.Globalization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using VendorPortal.Components.Controls;
using VendorPortal.Reports;

namespace VendorPortal.Components.Pages;

// The address of the page: the filter, a range by its name, the row that is opened. Read when it changes, written by every control.
public sealed partial class Downloads
{
    private const string PullParameter = "pull";
    private const string PeriodParameter = "period";

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    // What stands in the address of the page; a named range by its name.
    private string Query()
    {
        var query = PullFilterUrl.Format(period is null ? filter : DayRange.AllTime.ApplyTo(filter, clock!.Zone), clock!.Zone);
        return period is null ? query : $"{PeriodParameter}={period.Token}{(query.Length > 0 ? "&" : "")}{query}";
    }

    // Opened without a query, the page goes on to what the member has chosen for that.
    private async Task<bool> OpenDefaultViewAsync()
    {
        if (memberId is not { } member || new Uri(Navigation.Uri).Query.Length > 0 || await Views.FindDefaultAsync(vendor!.Id, member, closing.Token) is not { Length: > 0 } query)
            return false;
        Navigation.NavigateTo($"downloads?{query}", replace: true);
        return true;
    }

    private void ReadAddress()
    {
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        var read = PullFilterUrl.Parse(query, out var wrong);
        var problems = wrong.ToList();
        var named = ReadPeriod(query.TryGetValue(PeriodParameter, out var token) ? token.ToString() : "", read, problems);
        // A named range moves only when it is chosen or the list is read anew: opening a row must not read the list again.
        var isSame = named is not null && named == period && read with { FromUtc = filter.FromUtc, ToUtc = filter.ToUtc } == filter;
        if (named is not null && !isSame)
            read = named.ApplyTo(read, clock!.Zone, Now);
        period = named;
        if (!isSame && read != filter)
            filter = read;
        var before = open;
        open = null;
        if (query.TryGetValue(PullParameter, out var text) && text.ToString() is { Length: > 0 } id)
        {
            if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                open = number;
            else
                problems.Add(new FilterError(PullParameter, $"{PullParameter} cannot be read. Accepted: the number of a pull."));
        }

        errors = problems;
        focus = open is null ? before ?? focus : null;
    }

    private static Period? ReadPeriod(string token, PullFilter read, List<FilterError> problems)
    {
        if (token.Length == 0)
            return null;
        var named = Period.Find(token);
        if (named is null)
            problems.Add(new FilterError(PeriodParameter, $"{PeriodParameter} cannot be read. Accepted: one of {string.Join(", ", Period.All.Select(period => period.Token))}."));
        else if (read.FromUtc is not null || read.ToUtc is not null)
            problems.Add(new FilterError(PeriodParameter, $"{PeriodParameter} stands beside from or to, which are more exact. Accepted: one or the other."));
        return read.FromUtc is null && read.ToUtc is null ? named : null;
    }

    private async void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        try
        {
            await InvokeAsync(FollowAddressAsync);
        }
        catch (ObjectDisposedException)
        {
            // The page is gone.
        }
    }

    private async Task FollowAddressAsync()
    {
        if (!new Uri(Navigation.Uri).AbsolutePath.EndsWith("/downloads", StringComparison.OrdinalIgnoreCase))
            return;
        // While own changes are on their way to the browser and back, the newest one counts, not the echo of an older.
        if (outstanding > 0 && --outstanding > 0)
            return;
        var was = filter;
        ReadAddress();
        StateHasChanged();
        if (filter != was || (log!.Filter is null && !busy))
            await LoadAsync();
    }

    // A range that has not changed keeps its name.
    private Task ChangeAsync(PullFilter wanted) =>
        ChangeAsync(new PageFilter(wanted, wanted.FromUtc == filter.FromUtc && wanted.ToUtc == filter.ToUtc ? period : null));

    private async Task ChangeAsync(PageFilter wanted)
    {
        if (wanted.Filter == filter && wanted.Period == period)
            return;
        // Typing goes on in the same entry of the history.
        var isTyping = filter.Text is not null && wanted.Filter.Text is not null && wanted.Filter with { Text = filter.Text } == filter;
        filter = wanted.Period?.ApplyTo(wanted.Filter, clock!.Zone, Now) ?? wanted.Filter;
        period = wanted.Period;
        open = null;
        errors = [];
        Go(null, replace: isTyping);
        await LoadAsync();
    }

    private Task SetRangeAsync(DayRange range) => ChangeAsync(new PageFilter(range.ApplyTo(filter, clock!.Zone)));

    // The first and the last bar may reach beyond the filter, whose own ends stay. Where another filter has been chosen meanwhile, the bars are what was meant.
    private Task SetTimesAsync(TimeRange range)
    {
        var from = filter.FromUtc > range.FromUtc ? filter.FromUtc.Value : range.FromUtc;
        var to = filter.ToUtc < range.ToUtc ? filter.ToUtc.Value : range.ToUtc;
        return ChangeAsync(new PageFilter(from < to ? filter with { FromUtc = from, ToUtc = to } : filter with { FromUtc = range.FromUtc, ToUtc = range.ToUtc }));
    }

    // From a cell of a row: only this, or not this; of the date, only its day.
    private Task TakeCellAsync(CellChoice cell)
    {
        if (cell.Dimension is not { } dimension)
        {
            var day = ZoneDays.DayOf(cell.Row.AtUtc, clock!.Zone);
            return SetRangeAsync(new DayRange(day, day));
        }

        var value = cell.Value;
        if (cell.IsNot)
            return ChangeAsync(filter.With(dimension, FilterValues.From(filter.Only[dimension].Where(other => other != value))).WithNot(dimension, [.. filter.Not[dimension], value]));
        var only = filter.With(dimension, [value]).WithNot(dimension, FilterValues.From(filter.Not[dimension].Where(other => other != value)));
        // A version says little without its artifact, and has its control only with it.
        return ChangeAsync(dimension switch
        {
            FilterDimension.Version => only with { Artifacts = [cell.Row.Artifact] },
            FilterDimension.Artifact when !only.Artifacts.Equals(filter.Artifacts) => only with { Versions = [] },
            _ => only,
        });
    }

    private void Open(long id)
    {
        open = id;
        focus = null;
        Go(id);
    }

    private void Close()
    {
        focus = open;
        open = null;
        Go(null);
    }

    private void Go(long? pull, bool replace = false)
    {
        var query = Query();
        if (pull is { } id)
            query += string.Create(CultureInfo.InvariantCulture, $"{(query.Length > 0 ? "&" : "")}{PullParameter}={id}");
        outstanding++;
        Navigation.NavigateTo("downloads" + (query.Length > 0 ? "?" + query : ""), replace: replace);
    }
}
