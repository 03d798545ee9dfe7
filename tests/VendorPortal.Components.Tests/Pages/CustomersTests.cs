using Bunit;
using VendorPortal.Enrichment;
using static VendorPortal.Tests.Testing.VendorStore;

namespace VendorPortal.Components.Tests.Pages;

public sealed class CustomersTests : PageContext
{
    private Task<int> AddCustomerAsync(string name, int vendor = Acme) => Store.Customers.CreateCustomerAsync(vendor, name, CancellationToken.None);

    private static List<string> FirstCells(IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page) => [.. page.FindAll("tbody th").Select(Words)];

    [Fact]
    public void Page_NothingThere_SaysWhatCustomersAre()
    {
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();

        Assert.Equal("No customers yet", page.Find(".empty-state h2").TextContent);
        Assert.DoesNotContain("See the users", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_NothingThere_LeadsToFeeds()
    {
        Navigation.NavigateTo("/customers?tab=users");

        var page = RenderPage<VendorPortal.Components.Pages.Customers>();

        Assert.Equal("No accounts seen yet", page.Find(".empty-state h2").TextContent);
        Assert.Equal("/feeds", page.Find(".empty-state a").GetAttribute("href"));
    }

    [Fact]
    public async Task Page_CustomersOfTwoVendors_ShowsTheOwnWithLinksToTheirPulls()
    {
        await AddCustomerAsync("Globex & Söhne");
        await AddCustomerAsync("Foreign", Globex);
        await Store.AddUsersAsync("alice");
        await Store.Customers.AssignAsync(Acme, [1], 1, past: false, CancellationToken.None);
        await Store.AddPullsAsync(PullAt(Start.AddDays(-1), 1, customerId: 1));

        var page = RenderPage<VendorPortal.Components.Pages.Customers>();

        Assert.Equal(["Globex & Söhne"], FirstCells(page));
        Assert.Equal("/customers/1", page.Find("tbody th a").GetAttribute("href"));
        Assert.Equal("/downloads?customer=Globex%20%26%20S%C3%B6hne", page.Find("tbody .row-actions a").GetAttribute("href"));
        page.WaitForAssertion(() => Assert.Equal(["1", "Apr 30, 12:00", "today 12:00"], page.FindAll("tbody td").Take(3).Select(Words)), Patience);
        Assert.Equal("Customers 1", Words(page.Find(".tabs [aria-current=page]")));
    }

    [Fact]
    public async Task Users_AddressOfThePage_SaysWhatIsShown()
    {
        await Store.AddUsersAsync("alice", "bob", "build-bot");
        await AddCustomerAsync("Initech");
        await Store.Customers.AssignAsync(Acme, [2], 1, past: false, CancellationToken.None);

        Navigation.NavigateTo("/customers?tab=users&q=b");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();
        page.WaitForAssertion(() => Assert.Equal(["bob", "build-bot"], FirstCells(page)), Patience);
        Assert.Equal("b", page.Find("input[type=search]").GetAttribute("value"));

        await page.Find(".bar input[type=checkbox]").ChangeAsync(true);
        Assert.EndsWith("/customers?tab=users&q=b&unassigned=1", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(["build-bot"], FirstCells(page)), Patience);

        Navigation.NavigateTo("/customers?tab=users&q=nobody&unassigned=1");
        page.WaitForAssertion(() => Assert.Equal("No user without a customer matches nobody .", Words(page.Find(".empty-state p"))), Patience);
        await page.Find(".empty-state button").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal(["alice", "bob", "build-bot"], FirstCells(page)), Patience);
    }

    [Fact]
    public async Task Search_Typed_GoesIntoTheAddressAndTheList()
    {
        await AddCustomerAsync("Hooli");
        await AddCustomerAsync("Initech");
        Navigation.NavigateTo("/customers");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();

        await page.Find("input[type=search]").InputAsync("INI");

        page.WaitForAssertion(() => Assert.EndsWith("/customers?q=INI", Navigation.Uri, StringComparison.Ordinal), Patience);
        page.WaitForAssertion(() => Assert.Equal(["Initech"], FirstCells(page)), Patience);
        Assert.Equal("1 of 1", Words(page.Find(".more")));
    }

    [Fact]
    public async Task Users_MoreThanAPage_ShowMoreAddsTheRest()
    {
        await Store.AddUsersAsync([.. Enumerable.Range(0, 130).Select(i => $"user{i:D3}")]);
        Navigation.NavigateTo("/customers?tab=users");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();
        Assert.Equal("Show more 100 of 130", Words(page.Find(".more")));

        await page.Find(".more button").ClickAsync();

        Assert.Equal(130, FirstCells(page).Distinct().Count());
        Assert.Equal("130 of 130", Words(page.Find(".more")));
    }

    [Fact]
    public async Task Users_Selected_CanBeAssignedUntilTheListChanges()
    {
        await Store.AddUsersAsync("alice", "bob");
        Navigation.NavigateTo("/customers?tab=users");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();
        Assert.Empty(page.FindAll(".selection"));

        await page.Find("thead input").ChangeAsync(true);
        Assert.Equal("2 selected Assign… Clear", Words(page.Find(".selection")));
        await page.Find("tbody input").ChangeAsync(false);
        Assert.Equal("1 selected Assign… Clear", Words(page.Find(".selection")));

        Navigation.NavigateTo("/customers?tab=users&q=ali");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".selection")), Patience);
    }

    [Fact]
    public async Task Page_ChangedElsewhere_Follows()
    {
        await AddCustomerAsync("Hooli");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();

        await AddCustomerAsync("Initech");

        page.WaitForAssertion(() => Assert.Equal(["Hooli", "Initech"], FirstCells(page)), Patience);
        page.WaitForAssertion(() => Assert.Equal("Customers 2", Words(page.Find(".tabs [aria-current=page]"))), Patience);
    }

    [Fact]
    public async Task Users_ChangedForThePast_SaysItIsBeingApplied()
    {
        await Store.AddUsersAsync("alice");
        await AddCustomerAsync("Initech");
        await Store.Customers.AssignAsync(Acme, [1], 1, past: true, CancellationToken.None);
        Navigation.NavigateTo("/customers?tab=users");
        var page = RenderPage<VendorPortal.Components.Pages.Customers>();
        Assert.Equal("applying…", page.Find(".pending").TextContent);

        await Store.PastPulls.RunPendingAsync(CancellationToken.None);
        Navigation.NavigateTo("/customers?tab=users&q=alice");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".pending")), Patience);
    }

    private async Task<List<UserRow>> UsersAsync() => [.. await Store.Reader.ReadUsersAsync(Acme, new UserQuery(null, false), null, CancellationToken.None)];

    [Fact]
    public async Task UserDialog_NewCustomerForThePast_IsMadeAndAssigned()
    {
        await Store.AddUsersAsync("alice");
        var dialog = Browser.Render<VendorPortal.Components.People.UserDialog>(p => p.Add(d => d.VendorId, Acme).Add(d => d.User, UsersAsync().Result[0]));
        await dialog.Find("#user-name").ChangeAsync("Alice");
        await dialog.Find("#user-email").ChangeAsync("nope");
        await dialog.Find("#choice").ChangeAsync("new");
        await dialog.Find("#choice-new").InputAsync("Initech");
        await dialog.FindAll("input[type=radio]")[1].ChangeAsync("on");

        await dialog.Find("form").SubmitAsync();
        Assert.Equal("'nope' is not an e-mail address.", dialog.Find("[role=alert]").TextContent);
        Assert.Equal(0, (await Store.Reader.ReadTotalsAsync(Acme, CancellationToken.None)).Customers);

        await dialog.Find("#user-email").ChangeAsync("alice@initech.example");
        await dialog.Find("form").SubmitAsync();

        var user = Assert.Single(await UsersAsync());
        Assert.Equal(("Alice", "alice@initech.example", "Initech", true), (user.Name, user.Email, user.Customer, user.PastPending));
        Assert.Equal("alice belongs to Initech", Closed);
    }

    [Fact]
    public async Task AssignDialog_Users_GoUnderTheChosenCustomer()
    {
        await Store.AddUsersAsync("alice", "bob", "carol");
        var initech = await AddCustomerAsync("Initech");
        var dialog = Browser.Render<VendorPortal.Components.People.AssignDialog>(p => p.Add(d => d.VendorId, Acme).Add(d => d.UserIds, [1, 3]));
        await dialog.Find("#choice").ChangeAsync("1");

        await dialog.Find("form").SubmitAsync();

        Assert.Equal([initech, null, initech], (await UsersAsync()).Select(u => u.CustomerId));
        Assert.Equal("2 users to Initech", Closed);
    }

    [Fact]
    public async Task CustomerDialog_TakenName_SaysSoAndStays()
    {
        await AddCustomerAsync("Initech");
        var dialog = Browser.Render<VendorPortal.Components.People.CustomerDialog>(p => p.Add(d => d.VendorId, Acme));
        await dialog.Find("input").InputAsync("Initech");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal("There is a customer 'Initech' already.", dialog.Find("[role=alert]").TextContent);
        Assert.Null(Closed);

        await dialog.Find("input").InputAsync(" Hooli ");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal("Hooli", Closed);
    }

    [Fact]
    public async Task UploadDialog_File_IsPreviewedThenApplied()
    {
        await Store.AddUsersAsync("alice");
        var dialog = Browser.Render<VendorPortal.Components.People.UploadDialog>(p => p.Add(d => d.VendorId, Acme));
        var file = dialog.FindComponent<Microsoft.AspNetCore.Components.Forms.InputFile>();

        file.UploadFiles(InputFileContent.CreateFromText("principal,email\nalice,nope\n", "bad.csv"));
        dialog.WaitForAssertion(() => Assert.Equal(["2", "email", "'nope' is not an e-mail address."], dialog.FindAll("tbody td").Select(Words)), Patience);
        Assert.True(dialog.Find(".btn-primary").HasAttribute("disabled"));

        file.UploadFiles(InputFileContent.CreateFromText("principal,customer,name\nalice,Initech,Alice\nbob,Initech,\n", "good.csv"));
        dialog.WaitForAssertion(() => Assert.Equal("Apply to 2 users", Words(dialog.Find(".btn-primary"))), Patience);
        Assert.Equal(
            ["1 new customer Initech", "1 new user not seen by the registry yet", "1 user moves to another customer with their past pulls", "1 user gets another name or e-mail"],
            dialog.FindAll(".summary dl > div").Select(Words));
        Assert.Equal([null], (await UsersAsync()).Select(u => u.Customer));

        await dialog.Find(".check input").ChangeAsync(false);
        Assert.Contains("from now on", dialog.Find(".summary").TextContent, StringComparison.Ordinal);
        await dialog.Find(".check input").ChangeAsync(true);
        await dialog.Find(".btn-primary").ClickAsync();

        dialog.WaitForAssertion(() => Assert.Equal("2 users and 1 customers", Closed), Patience);
        Assert.Equal([("alice", "Initech", true), ("bob", "Initech", false)], (await UsersAsync()).Select(u => (u.Principal, u.Customer, u.PastPending)));
    }
}
