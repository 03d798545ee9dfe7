using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerAtTimeTests
{
    private static readonly DateTime Noon = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private static CustomerAssignment From(DateTime at, int? customer, int user = 1) => new() { VendorId = 1, UserId = user, FromUtc = at, CustomerId = customer };

    [Fact]
    public void Find_BetweenAssignments_IsTheNewestNotAfter()
    {
        var customers = CustomerAtTime.From([From(Noon.AddDays(2), null), From(Noon, 7), From(Noon.AddDays(1), 8)]);

        Assert.Null(customers.Find(1, Noon.AddMilliseconds(-1)));
        Assert.Equal(7, customers.Find(1, Noon));
        Assert.Equal(7, customers.Find(1, Noon.AddHours(23)));
        Assert.Equal(8, customers.Find(1, Noon.AddDays(1)));
        Assert.Null(customers.Find(1, Noon.AddDays(3)));
        Assert.Null(customers.Find(2, Noon));
        Assert.Null(customers.Find(null, Noon));
    }

    [Fact]
    public void OfPull_AssignmentForAlways_CoversTheOldestId() =>
        Assert.Equal(7, CustomerAtTime.From([From(CustomerAtTime.Always, 7)]).OfPull(1, 0));

    [Fact]
    public void FromNowOn_PullsOfTheSameMillisecond_StayOnOneSide()
    {
        var now = Noon.AddTicks(4_321);
        var from = CustomerAtTime.FromNowOn(now);
        var customers = CustomerAtTime.From([From(from, 7)]);

        Assert.Null(customers.OfPull(1, PullIds.FirstOf(now)));
        Assert.Null(customers.OfPull(1, PullIds.FirstOf(now) + 255));
        Assert.Equal(7, customers.OfPull(1, PullIds.FirstOf(from)));
        Assert.True(from - now < TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Find_AnyAssignmentsInAnyOrder_IsWhatAScanSays()
    {
        var assignment = from user in Gen.Choose(1, 3)
                         from hour in Gen.Choose(0, 20)
                         from customer in Gen.Choose(0, 3)
                         select From(Noon.AddHours(hour), customer == 0 ? null : customer, user);
        var any = (from rows in Gen.ListOf(assignment)
                   from user in Gen.Choose(1, 3)
                   from hour in Gen.Choose(-1, 21)
                   select (Rows: rows.DistinctBy(r => (r.UserId, r.FromUtc)).ToList(), User: user, At: Noon.AddHours(hour))).ToArbitrary();

        Prop.ForAll(any, x =>
        {
            CustomerAssignment? newest = null;
            foreach (var row in x.Rows)
            {
                if (row.UserId == x.User && row.FromUtc <= x.At && (newest is null || row.FromUtc > newest.FromUtc))
                    newest = row;
            }

            return CustomerAtTime.From(x.Rows).Find(x.User, x.At) == newest?.CustomerId;
        }).QuickCheckThrowOnFailure();
    }
}
