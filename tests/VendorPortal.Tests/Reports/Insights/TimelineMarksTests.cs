using VendorPortal.Hosting;
using VendorPortal.Reports.Insights;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Reports.Insights;

public sealed class TimelineMarksTests : IAsyncLifetime
{
    private static readonly TimelineMarkItem Mark = new(0, new(2026, 5, 4), "1.4.2", IsRelease: true);

    private readonly TestStore store = new();
    private int acme;
    private int globex;

    private TimelineMarks Marks => new(store.Contexts, store.Database);

    public async Task InitializeAsync() => (acme, globex) = (await store.AddVendorAsync(), await store.AddVendorAsync());

    public Task DisposeAsync()
    {
        store.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Marks_OfAVendor_AreItsOwn()
    {
        var id = await Marks.AddAsync(acme, Mark with { Text = "  1.4.2 " }, CancellationToken.None);
        Assert.Equal([Mark with { Id = id }], await ListAsync(acme));
        Assert.Empty(await ListAsync(globex));

        await Marks.RemoveAsync(globex, id, CancellationToken.None);
        await Assert.ThrowsAsync<InputException>(() => Marks.ChangeAsync(globex, Mark with { Id = id, Text = "theirs" }, CancellationToken.None));
        Assert.Equal("1.4.2", Assert.Single(await ListAsync(acme)).Text);
    }

    [Fact]
    public async Task Mark_ChangedRemovedAndBroughtBack_IsThereAgain()
    {
        var id = await Marks.AddAsync(acme, Mark, CancellationToken.None);
        var changed = Mark with { Id = id, Day = new(2026, 6, 1), Text = "announced", IsRelease = false };
        await Marks.ChangeAsync(acme, changed, CancellationToken.None);
        Assert.Equal([changed], await ListAsync(acme));

        await Marks.RemoveAsync(acme, id, CancellationToken.None);
        Assert.Empty(await ListAsync(acme));
        await Marks.AddAsync(acme, changed, CancellationToken.None);
        Assert.Equal("announced", Assert.Single(await ListAsync(acme)).Text);
    }

    [Theory]
    [InlineData(2026, "")]
    [InlineData(2026, "a\nb")]
    [InlineData(2019, "too early")]
    [InlineData(2038, "too late")]
    public async Task Mark_ThatCannotBe_IsRefused(int year, string text) =>
        await Assert.ThrowsAsync<InputException>(() => Marks.AddAsync(acme, new TimelineMarkItem(0, new DateOnly(year, 1, 1), text, false), CancellationToken.None));

    private Task<IReadOnlyList<TimelineMarkItem>> ListAsync(int vendor) => Marks.ListAsync(vendor, new(2026, 5, 1), new(2026, 6, 1), CancellationToken.None);
}
