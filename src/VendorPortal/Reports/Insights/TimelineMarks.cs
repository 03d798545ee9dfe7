using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Insights;

/// <summary>A mark on the time line; <paramref name="Id"/> is 0 before it is kept.</summary>
public sealed record TimelineMarkItem(int Id, DateOnly Day, string Text, bool IsRelease);

/// <summary>Releases and notes on a vendor's time line, which its members share. The vendor comes from the verified sign-in.</summary>
public sealed class TimelineMarks(PortalDbContextFactory contexts, PortalDatabase database)
{
    /// <summary>Most marks of a vendor.</summary>
    public const int MaxOfVendor = 1000;

    /// <summary>The marks of a range of days, both ends inclusive, oldest first.</summary>
    public async Task<IReadOnlyList<TimelineMarkItem>> ListAsync(int vendorId, DateOnly first, DateOnly last, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.TimelineMarks.AsNoTracking().Where(mark => mark.Day >= first && mark.Day <= last).OrderBy(mark => mark.Day).ThenBy(mark => mark.Id)
            .Select(mark => new TimelineMarkItem(mark.Id, mark.Day, mark.Text, mark.IsRelease)).ToListAsync(ct);
    }

    /// <summary>Adds a mark, or brings one back, and returns its id.</summary>
    /// <exception cref="InputException">The text cannot be used, the day is none the log can hold, or there are too many.</exception>
    public Task<int> AddAsync(int vendorId, TimelineMarkItem mark, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        if (await context.TimelineMarks.CountAsync(ct) >= MaxOfVendor)
            throw new InputException($"There are {MaxOfVendor} marks, which is the most; remove one first.");
        var id = (await context.TimelineMarks.MaxAsync(m => (int?)m.Id, ct) ?? 0) + 1;
        var added = new TimelineMark { VendorId = vendorId, Id = id, Text = "" };
        Set(added, mark);
        context.Add(added);
        return id;
    }, ct);

    /// <summary>Gives a mark another day, text or meaning.</summary>
    /// <exception cref="InputException">As for adding, or the mark is gone.</exception>
    public Task ChangeAsync(int vendorId, TimelineMarkItem mark, CancellationToken ct) => database.WriteAsync(contexts, vendorId, async context =>
    {
        Set(await context.TimelineMarks.FirstOrDefaultAsync(m => m.Id == mark.Id, ct) ?? throw new InputException("The mark is no longer there; reload the page."), mark);
        return 0;
    }, ct);

    /// <summary>Removes a mark, where it is still there.</summary>
    public Task RemoveAsync(int vendorId, int id, CancellationToken ct) =>
        database.WriteAsync(contexts, vendorId, context => context.TimelineMarks.Where(m => m.Id == id).ExecuteDeleteAsync(ct), ct);

    private static void Set(TimelineMark mark, TimelineMarkItem to)
    {
        mark.Text = InputException.Require("The text", to.Text, TimelineMark.MaxText);
        mark.Day = to.Day >= InsightsRange.Oldest && to.Day.Year < 2038 ? to.Day : throw new InputException("The day lies outside the time line; it goes from 2020-01-01 to 2037-12-31.");
        mark.IsRelease = to.IsRelease;
    }
}
