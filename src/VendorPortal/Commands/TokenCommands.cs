using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Hosting;
using VendorPortal.Security;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Commands;

/// <summary>Kinds of tokens by name.</summary>
internal static class TokenKinds
{
    public const string Api = "api";
    public const string Telemetry = "telemetry";

    public static string Of(TokenKind kind) => kind == TokenKind.Telemetry ? Telemetry : Api;

    public static TokenKind Parse(string name) => name == Telemetry ? TokenKind.Telemetry : TokenKind.Api;
}

/// <summary><c>token add|list|revoke</c>.</summary>
internal static class TokenCommands
{
    public static Command Build()
    {
        var token = new Command("token", "Tokens of the API.");
        token.Add(Add());
        token.Add(List());
        token.Add(Revoke());
        return token;
    }

    private static Command Add()
    {
        var name = new Option<string>("--name") { Description = "What it is for.", HelpName = "NAME", Required = true };
        var email = new Option<string?>("--email") { Description = "The member it acts for; it ends with their membership.", HelpName = "MEMBER" };
        var kind = new Option<string>("--kind") { Description = "api (default), or telemetry: it opens the intake of usage events and nothing else.", HelpName = "KIND", DefaultValueFactory = _ => TokenKinds.Api };
        kind.AcceptOnlyFromAmong(TokenKinds.Api, TokenKinds.Telemetry);
        var command = new Command("add", "Makes a token and prints {\"id\",\"token\"}; the token is shown this once.") { name, email, kind, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            var tokenName = InputException.Require("A token's name", parsed.GetRequiredValue(name), ApiToken.MaxName);
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            int? memberId = parsed.GetValue(email) is { } address ? await MemberAsync(host, vendor, address, ct) : null;
            var token = await host.Services.GetRequiredService<TokenDirectory>().AddAsync(vendor.Id, tokenName, memberId, TokenKinds.Parse(parsed.GetRequiredValue(kind)), ct);
            await parsed.WriteJsonAsync(new { id = token.Id, token = token.Token });
            return 0;
        });
        return command;
    }

    private static async Task<int> MemberAsync(CommandHost host, Vendor vendor, string email, CancellationToken ct)
    {
        await using var context = host.Services.GetRequiredService<PortalDbContextFactory>().ForInstallation();
        var normalized = email.Trim().ToUpperInvariant();
        var id = await (from membership in context.VendorMembers
                        join member in context.Users on membership.MemberId equals member.Id
                        where membership.VendorId == vendor.Id && member.NormalizedEmail == normalized
                        select (int?)member.Id).FirstOrDefaultAsync(ct);
        return id ?? throw new InputException($"Vendor '{vendor.Slug}' has no member '{email}'.");
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "Prints a JSON array." };
        var command = new Command("list", "Lists the tokens that work.") { json, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var tokens = await host.Services.GetRequiredService<TokenDirectory>().ListAsync(vendor.Id, ct);
            if (parsed.GetValue(json))
            {
                await parsed.WriteJsonAsync(tokens.Select(t => new { id = t.Id, name = t.Name, kind = TokenKinds.Of(t.Kind), created = t.CreatedUtc, lastUsed = t.LastUsedUtc }));
                return 0;
            }

            await parsed.WriteTableAsync(
                ["ID", "NAME", "KIND", "CREATED (UTC)", "LAST USED (UTC)"],
                tokens.Select(t => new[] { t.Id.ToString(CultureInfo.InvariantCulture), t.Name, TokenKinds.Of(t.Kind), Time(t.CreatedUtc), t.LastUsedUtc is { } used ? Time(used) : "never" }));
            return 0;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<int>("ID") { Description = "The token's id, as 'token list' shows it." };
        var command = new Command("revoke", "Ends a token at once.") { id, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            if (!await host.Services.GetRequiredService<TokenDirectory>().RevokeAsync(vendor.Id, parsed.GetRequiredValue(id), ct))
                throw new InputException($"Vendor '{vendor.Slug}' has no token {parsed.GetRequiredValue(id).ToString(CultureInfo.InvariantCulture)} that works.");
            return 0;
        });
        return command;
    }

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
