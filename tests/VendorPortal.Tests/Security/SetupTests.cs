using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

public sealed class SetupTests
{
    private static readonly (string Name, string Value)[] Answers =
        [("Input.Vendor", "Müller & Söhne GmbH"), ("Input.Email", "first@mueller.example"), ("Input.Password", PortalHost.Password)];

    [Fact]
    public async Task Portal_WithoutAccount_LeadsEveryPageToSetup()
    {
        await using var portal = await PortalHost.StartAsync(null, withOwner: false, null);
        using var client = portal.Client();
        foreach (var page in new[] { "/sign-in", "/settings" })
        {
            using var answer = await client.GetAsync(page);
            Assert.Equal("/setup", answer.Headers.Location?.OriginalString);
        }

        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Setup_WrongCode_MakesNothing_RightCode_MakesTheOwnerOnce()
    {
        await using var portal = await PortalHost.StartAsync(null, withOwner: false, null);
        var code = portal.Services.GetRequiredService<SetupCode>().Open();
        using var client = portal.Client();
        using (var wrong = await PortalHost.PostFormAsync(client, "/setup", [("Input.Code", "ABCDE-ABCDE-ABCDE-ABCDE"), .. Answers]))
            Assert.Contains("The setup code is wrong", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await MembersAsync(portal));

        using (var right = await PortalHost.PostFormAsync(client, "/setup?code=" + code, Answers))
            Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        using var signedIn = await client.GetAsync("/settings");
        Assert.Contains("first@mueller.example", await signedIn.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var rows = portal.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        Assert.Equal(("muller-sohne-gmbh", "Müller & Söhne GmbH"), await rows.Vendors.Select(v => ValueTuple.Create(v.Slug, v.Name)).SingleAsync());

        Assert.False(portal.Services.GetRequiredService<SetupCode>().Matches(code));
        using var again = portal.Client();
        using var closed = await again.GetAsync("/setup?code=" + code);
        Assert.Equal("/sign-in", closed.Headers.Location?.AbsolutePath ?? closed.Headers.Location?.OriginalString);
        Assert.Equal(1, await MembersAsync(portal));
    }

    [Fact]
    public async Task Setup_TwoWithTheSameCodeAtOnce_OneWins()
    {
        await using var portal = await PortalHost.StartAsync(null, withOwner: false, null);
        var code = portal.Services.GetRequiredService<SetupCode>().Open();
        var owner = portal.Services.GetRequiredService<FirstOwner>();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            owner.CreateAsync(code, "Acme", $"owner{i}@acme.example", PortalHost.Password, CancellationToken.None)));
        Assert.Single(results, r => r is { Succeeded: true });
        Assert.Equal(3, results.Count(r => r is null));
        Assert.Equal(1, await MembersAsync(portal));
    }

    [Fact]
    public async Task Setup_TooManyTries_IsAnswered429()
    {
        await using var portal = await PortalHost.StartAsync(null, withOwner: false, null, "--Portal:Limits:SetupPerMinute=2");
        using var client = portal.Client();
        for (var i = 0; i < 2; i++)
            (await PortalHost.PostFormAsync(client, "/setup", [("Input.Code", "wrong"), .. Answers])).Dispose();
        using var answer = await PortalHost.PostFormAsync(client, "/setup", [("Input.Code", "wrong"), .. Answers]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Setup_ShortPassword_SaysSoAndKeepsTheCode()
    {
        await using var portal = await PortalHost.StartAsync(null, withOwner: false, null);
        var code = portal.Services.GetRequiredService<SetupCode>().Open();
        using var client = portal.Client();
        using var answer = await PortalHost.PostFormAsync(client, "/setup?code=" + code, [Answers[0], Answers[1], ("Input.Password", "too short")]);
        Assert.Contains("at least 12 characters", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("too short", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(portal.Services.GetRequiredService<SetupCode>().Matches(code));
        Assert.Equal(0, await MembersAsync(portal));
    }

    [Fact]
    public async Task Owner_Configured_IsMadeOnceAndKept()
    {
        await using var portal = await PortalHost.StartAsync();
        await portal.Services.GetRequiredService<FirstOwner>().EnsureAsync(CancellationToken.None);
        Assert.Equal(1, await MembersAsync(portal));
        Assert.False(portal.Services.GetRequiredService<SetupCode>().IsOpen);
        (await portal.SignInAsync()).Dispose();
    }

    [Theory]
    [InlineData("short", "12")]
    [InlineData("aaaaaaaaaaaaaaa", "different")]
    public async Task Owner_WithWeakPassword_StopsTheStart(string password, string expected)
    {
        var error = await Assert.ThrowsAsync<PortalConfigurationException>(() => PortalHost.StartAsync(
            null, withOwner: false, null, "--Portal:Owner:Email=a@b.example", $"--Portal:Owner:Password={password}"));
        Assert.Contains("Portal:Owner", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme", "acme")]
    [InlineData("  Über  GmbH & Co. ", "uber-gmbh-co")]
    [InlineData("漢字", "vendor")]
    [InlineData("a--b__c", "a-b-c")]
    public void Slug_OfName_IsLowerCaseLettersDigitsAndDashes(string name, string slug) => Assert.Equal(slug, MemberAccounts.SlugOf(name));

    [Fact]
    public void Code_DashesAndCase_DoNotMatter_AndClosedMatchesNothing()
    {
        var code = new SetupCode();
        var text = code.Open();
        Assert.True(code.Matches(text.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.False(code.Matches(text[..^1]));
        Assert.False(code.Matches(null));
        code.Close();
        Assert.False(code.Matches(text));
    }

    private static async Task<int> MembersAsync(PortalHost portal)
    {
        await using var rows = portal.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        return await rows.Users.CountAsync();
    }
}
