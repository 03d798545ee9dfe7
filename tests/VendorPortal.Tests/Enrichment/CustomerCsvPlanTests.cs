using System.Text;
using VendorPortal.Enrichment;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerCsvPlanTests
{
    private static readonly Dictionary<string, bool> Customers = new(StringComparer.Ordinal) { ["Initech"] = true, ["Umbrella"] = false };

    private static readonly Dictionary<string, KnownUser> Users = new(StringComparer.Ordinal)
    {
        ["alice"] = new(1, "alice", "Alice", "a@initech.example", "Initech", Always: true),
        ["bob"] = new(2, "bob", null, null, "Initech", Always: false),
    };

    private static CustomerCsvPlan Compare(string text, bool past = true) =>
        CustomerCsvPlan.Compare(CustomerCsv.Parse(Encoding.UTF8.GetBytes(text)), Customers, Users, past);

    [Fact]
    public void Compare_NothingNew_IsEmpty()
    {
        var plan = Compare("principal,customer,name,email\nalice,Initech,Alice,a@initech.example\nbob,Initech,,\n", past: false);

        Assert.True(plan.IsEmpty);
        Assert.Equal(2, plan.Unchanged);
    }

    [Fact]
    public void Compare_NewUserAndCustomers_NamesThem()
    {
        var plan = Compare("principal,customer\ncarol,Hooli\ndave,Hooli\nerin,Umbrella\n");

        Assert.Equal(["Hooli"], plan.NewCustomers);
        Assert.Equal(["Umbrella"], plan.RestoredCustomers);
        Assert.Equal((3, 0, 0, 0, 0), (plan.Created, plan.Edited, plan.Moved, plan.PastOnly, plan.Unchanged));
    }

    [Fact]
    public void Compare_ColumnThatIsNotThere_IsLeftAlone()
    {
        Assert.True(Compare("principal,name\nalice,Alice\n").IsEmpty);
        Assert.Equal((1, 0), (Compare("principal,name\nalice,Alicia\n").Edited, Compare("principal,name\nalice,Alicia\n").Moved));
    }

    [Fact]
    public void Compare_EmptyCells_Clear()
    {
        var plan = Compare("principal,customer,name\nalice,,\n");

        var change = Assert.Single(plan.Changes);
        Assert.True(change is { Details: true, Moves: true, PastMoves: true });
    }

    [Fact]
    public void Compare_SameCustomerButNotAlways_ChangesThePastWhereAsked()
    {
        Assert.Equal(1, Compare("principal,customer\nbob,Initech\n", past: true).PastOnly);
        Assert.True(Compare("principal,customer\nbob,Initech\n", past: false).IsEmpty);
    }

    [Fact]
    public void Compare_NamesThatDifferInCase_AreDifferent() =>
        Assert.Equal(["initech"], Compare("principal,customer\nalice,initech\n").NewCustomers);
}
