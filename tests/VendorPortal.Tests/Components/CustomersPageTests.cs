using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Enrichment;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Components;

public sealed partial class CustomersPageTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    [Fact]
    public async Task Users_PageOfLongNames_StartsACircuitWithinItsMessageLimit()
    {
        var random = new Random(1);
        var file = new StringBuilder("principal,customer,name,email\n");
        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z' + 1)));
        for (var i = 0; i < 120; i++)
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Text(200)},{Text(150)},{Text(150)},{Text(60)}@{Text(60)}.example\n");
        var csv = CustomerCsv.Parse(Encoding.UTF8.GetBytes(file.ToString()));
        await fixture.Portal.Services.GetRequiredService<CustomerCsvImport>().ApplyAsync(fixture.Portal.VendorId, csv, past: true, CancellationToken.None);
        using var browser = await fixture.Portal.SignInAsync();

        var page = await browser.GetStringAsync("/customers?tab=users");

        Assert.Equal(100, Regex.Count(page, "aria-label=\"Edit ", RegexOptions.None, TimeSpan.FromSeconds(5)));
        // The browser sends this back in one message, which the server refuses beyond 32 kB, and with it the page.
        Assert.InRange(State().Match(page).Length, 1, 30_000);
    }

    [Theory]
    [InlineData("/customers")]
    [InlineData("/customers?tab=users&q=a&unassigned=1")]
    [InlineData("/feeds")]
    public async Task Page_NotSignedIn_LeadsToTheSignIn(string address)
    {
        using var browser = fixture.Portal.Client();

        using var answer = await browser.GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("<!--Blazor-Server-Component-State:[^>]*-->", RegexOptions.None, 5000)]
    private static partial Regex State();
}
