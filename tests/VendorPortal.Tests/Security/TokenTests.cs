using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Security;

public sealed class TokenTests(PortalHostFixture fixture) : IClassFixture<PortalHostFixture>
{
    private PortalHost Portal => fixture.Portal;

    private TokenDirectory Tokens => Portal.Services.GetRequiredService<TokenDirectory>();

    [Fact]
    public async Task Api_WithoutToken_Is401ProblemJson()
    {
        using var client = Portal.Client();
        using var answer = await client.GetAsync("/api/v1/artifact-pulls");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Api_WithToken_IsLetIn_AndNotAnyMoreOnceRevoked()
    {
        var token = await Tokens.AddAsync(Portal.VendorId, "script", null, CancellationToken.None);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await AskAsync(token.Token));
        Assert.True(await Tokens.RevokeAsync(Portal.VendorId, token.Id, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(token.Token));
        Assert.False(await Tokens.RevokeAsync(Portal.VendorId, token.Id, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vp_1_1")]
    [InlineData("vp_x_1_abc")]
    [InlineData("vp_0_1_abc")]
    [InlineData("vp_-1_1_abc")]
    [InlineData("vp_99999999999_1_abc")]
    [InlineData("other_1_1_abc")]
    public async Task Api_MalformedToken_Is401(string text) => Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(text));

    [Fact]
    public async Task Token_WithTheSecretOfAnotherVendorsToken_IsRefused()
    {
        var other = await Portal.AddVendorAsync("tokens-b", "tokens-b@acme.example");
        var mine = await Tokens.AddAsync(Portal.VendorId, "mine", null, CancellationToken.None);
        var theirs = await Tokens.AddAsync(other, "theirs", null, CancellationToken.None);
        Assert.Equal(Portal.VendorId, (await Tokens.FindAsync(mine.Token, CancellationToken.None))!.Membership.VendorId);
        var mixed = FormattableString.Invariant($"vp_{other}_{theirs.Id}_{mine.Token.Split('_', 4)[3]}");
        Assert.Null(await Tokens.FindAsync(mixed, CancellationToken.None));
        Assert.DoesNotContain(await Tokens.ListAsync(other, CancellationToken.None), t => t.Name == "mine");
        Assert.False(await Tokens.RevokeAsync(other, mine.Id + 1000, CancellationToken.None));
    }

    [Fact]
    public async Task Token_OfAMember_EndsWithTheMembership()
    {
        var vendorId = await Portal.AddVendorAsync("leaving", "leaving@acme.example");
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        var membership = await rows.VendorMembers.SingleAsync(m => m.VendorId == vendorId);
        var token = await Tokens.AddAsync(vendorId, "personal", membership.MemberId, CancellationToken.None);
        Assert.NotNull(await Tokens.FindAsync(token.Token, CancellationToken.None));
        rows.VendorMembers.Remove(membership);
        await rows.SaveChangesAsync();
        Assert.Null(await Tokens.FindAsync(token.Token, CancellationToken.None));
    }

    [Fact]
    public async Task Token_Stored_HoldsNoSecret_AndUseIsNoted()
    {
        var token = await Tokens.AddAsync(Portal.VendorId, "noted", null, CancellationToken.None);
        await using var rows = Portal.Services.GetRequiredService<PortalDbContextFactory>().ForVendor(Portal.VendorId);
        var row = await rows.ApiTokens.AsNoTracking().SingleAsync(t => t.Id == token.Id);
        Assert.Equal(32, row.SecretHash.Length);
        Assert.Null(row.LastUsedUtc);
        await Tokens.FindAsync(token.Token, CancellationToken.None);
        var first = (await rows.ApiTokens.AsNoTracking().SingleAsync(t => t.Id == token.Id)).LastUsedUtc;
        Assert.NotNull(first);
        await Tokens.FindAsync(token.Token, CancellationToken.None);
        Assert.Equal(first, (await rows.ApiTokens.AsNoTracking().SingleAsync(t => t.Id == token.Id)).LastUsedUtc);
    }

    [Fact]
    public async Task Tokens_MadeAtOnce_GetTheirOwnIds()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Tokens.AddAsync(Portal.VendorId, $"t{i}", null, CancellationToken.None))));
        Assert.Equal(8, made.Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public async Task Api_OverTheLimit_Is429WithRetryAfter_ForThisTokenOnly()
    {
        await using var portal = await PortalHost.StartAsync("--Portal:Limits:ApiBurst=3", "--Portal:Limits:ApiPerSecond=1");
        using var busy = await portal.ApiClientAsync();
        using var calm = await portal.ApiClientAsync();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++)
            answers.Add(await busy.GetAsync("/api/v1/none"));
        var over = answers.Find(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(over);
        Assert.NotNull(over.Headers.RetryAfter);
        Assert.Equal("application/problem+json", over.Content.Headers.ContentType?.MediaType);
        using var other = await calm.GetAsync("/api/v1/none");
        Assert.NotEqual(HttpStatusCode.TooManyRequests, other.StatusCode);
        answers.ForEach(a => a.Dispose());
    }

    private async Task<HttpStatusCode> AskAsync(string token)
    {
        using var client = Portal.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/none");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
