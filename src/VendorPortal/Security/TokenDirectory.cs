using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Security;

/// <summary>A new API token; <see cref="Token"/> is shown once and cannot be read again.</summary>
public sealed record NewToken(int Id, string Token);

/// <summary>An API token as it is listed. Times in UTC.</summary>
public sealed record TokenSummary(int Id, string Name, TokenKind Kind, int? MemberId, DateTime CreatedUtc, DateTime? LastUsedUtc);

/// <summary>Who an API token speaks for.</summary>
public sealed record TokenOwner(int TokenId, string TokenName, TokenKind Kind, int? MemberId, Membership Membership);

/// <summary>
/// API tokens of a vendor. The text <c>vp_{vendor}_{id}_{secret}</c> leads to its row by key; of the secret only a hash is stored.
/// </summary>
public sealed class TokenDirectory(PortalDbContextFactory contexts, TimeProvider time, ILogger<TokenDirectory> logger)
{
    private const string Prefix = "vp";
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Makes a token of the API, as the other overload does.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="ApiToken.MaxName"/>.</exception>
    public Task<NewToken> AddAsync(int vendorId, string name, int? memberId, CancellationToken ct) => AddAsync(vendorId, name, memberId, TokenKind.Api, ct);

    /// <summary>Makes a token, for a member where <paramref name="memberId"/> is given: it ends with their membership.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="ApiToken.MaxName"/>.</exception>
    public async Task<NewToken> AddAsync(int vendorId, string name, int? memberId, TokenKind kind, CancellationToken ct)
    {
        name = name.Trim();
        if (name.Length is 0 or > ApiToken.MaxName)
            throw new ArgumentException($"A token's name has 1 to {ApiToken.MaxName} characters.", nameof(name));
        var secret = Secrets.Create();
        await using var context = contexts.ForVendor(vendorId);
        await using var transaction = await context.Database.BeginTransactionAsync(ct);
        var id = (await context.ApiTokens.MaxAsync(t => (int?)t.Id, ct) ?? 0) + 1;
        context.ApiTokens.Add(new ApiToken
        {
            VendorId = vendorId,
            Id = id,
            Name = name,
            Kind = kind,
            SecretHash = Secrets.Hash(secret),
            MemberId = memberId,
            CreatedUtc = time.GetUtcNow().UtcDateTime,
        });
        await context.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new NewToken(id, string.Create(CultureInfo.InvariantCulture, $"{Prefix}_{vendorId}_{id}_{secret}"));
    }

    /// <summary>The tokens that work, newest first.</summary>
    public async Task<IReadOnlyList<TokenSummary>> ListAsync(int vendorId, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.ApiTokens.Where(t => t.RevokedUtc == null).OrderByDescending(t => t.Id)
            .Select(t => new TokenSummary(t.Id, t.Name, t.Kind, t.MemberId, t.CreatedUtc, t.LastUsedUtc)).ToListAsync(ct);
    }

    /// <summary>Ends a token at once. False where the vendor has no such token that works.</summary>
    public async Task<bool> RevokeAsync(int vendorId, int id, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        var now = time.GetUtcNow().UtcDateTime;
        return await context.ApiTokens.Where(t => t.Id == id && t.RevokedUtc == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedUtc, now), ct) > 0;
    }

    /// <summary>Who a token's text speaks for; null where it is malformed, unknown, revoked, or its member has left the vendor.</summary>
    public async Task<TokenOwner?> FindAsync(string text, CancellationToken ct)
    {
        if (!TryParse(text, out var vendorId, out var id, out var secret))
            return null;
        await using var context = contexts.ForVendor(vendorId);
        var token = await context.ApiTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.RevokedUtc == null, ct);
        if (token is null || !Secrets.Matches(secret, token.SecretHash))
            return null;
        var owner = await OwnerAsync(context, token, ct);
        if (owner is not null)
            await NoteUseAsync(context, token, ct);
        return owner;
    }

    /// <summary>Who a token speaks for that was known before; null where it was revoked since, or its member has left the vendor.</summary>
    internal async Task<TokenOwner?> FindAsync(int vendorId, int id, CancellationToken ct)
    {
        await using var context = contexts.ForVendor(vendorId);
        return await context.ApiTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.RevokedUtc == null, ct) is { } token ? await OwnerAsync(context, token, ct) : null;
    }

    /// <summary>True where a text looks like a token.</summary>
    internal static bool IsToken(string text) => text.StartsWith(Prefix + "_", StringComparison.Ordinal);

    internal static bool TryParse(string text, out int vendorId, out int id, out string secret)
    {
        (vendorId, id, secret) = (0, 0, "");
        if (text.Length > 200 || text.Split('_', 4) is not [Prefix, var vendor, var number, var rest])
            return false;
        secret = rest;
        return int.TryParse(vendor, NumberStyles.None, CultureInfo.InvariantCulture, out vendorId) && vendorId > 0
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out id) && rest.Length > 0;
    }

    private static async Task<TokenOwner?> OwnerAsync(PortalDbContext context, ApiToken token, CancellationToken ct)
    {
        var vendor = await context.Vendors.AsNoTracking().FirstAsync(v => v.Id == token.VendorId, ct);
        var role = MemberRole.Owner;
        if (token.MemberId is { } memberId)
        {
            var membership = await context.VendorMembers.AsNoTracking()
                .FirstOrDefaultAsync(m => m.VendorId == token.VendorId && m.MemberId == memberId, ct);
            if (membership is null)
                return null;
            role = membership.Role;
        }

        return new TokenOwner(token.Id, token.Name, token.Kind, token.MemberId, new Membership(vendor.Id, vendor.Slug, vendor.Name, role));
    }

    private async Task NoteUseAsync(PortalDbContext context, ApiToken token, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (token.LastUsedUtc is { } last && now - last < LastUsedPrecision)
            return;
        try
        {
            await context.ApiTokens.Where(t => t.Id == token.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedUtc, now), ct);
        }
        catch (System.Data.Common.DbException exception)
        {
            logger.LogWarning(exception, "The last use of token {TokenId} could not be noted", token.Id); // no reason to refuse the caller
        }
    }
}
