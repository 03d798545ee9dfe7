using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using VendorPortal.Hosting;

namespace VendorPortal.Security;

/// <summary>
/// JSON Web Tokens that this portal signs for itself (HS256): what a login answers with, and the addresses of files. Each is for one purpose and of no use for another.
/// The key lies beside the keys of the sign-in cookie; without it all of them are void.
/// </summary>
public sealed class SignedTokens(PortalOptions options, TimeProvider time)
{
    private const string Issuer = "vendor-portal";
    private const int KeyBytes = 64;
    private const int MaxLength = 4096;

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly Lazy<SymmetricSecurityKey> key = new(() => new SymmetricSecurityKey(ReadKey(Path.Combine(Path.GetFullPath(options.DataDirectory), "keys"))));

    /// <summary>Signs claims for a purpose, valid for a while.</summary>
    public string Create(string purpose, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = purpose,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = claims.ToDictionary(claim => claim.Key, claim => (object)claim.Value, StringComparer.Ordinal),
            SigningCredentials = new SigningCredentials(key.Value, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The claims of a token; null where it is not one of this portal and purpose, or has expired.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadAsync(string purpose, string text)
    {
        if (text.Length > MaxLength)
            return null;
        var result = await handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = purpose,
            IssuerSigningKey = key.Value,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            LifetimeValidator = (from, to, _, _) => from <= Now() && Now() < to,
        });
        return result.IsValid ? result.Claims.Where(claim => claim.Value is string).ToDictionary(claim => claim.Key, claim => (string)claim.Value, StringComparer.Ordinal) : null;
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    // Written whole under another name and then put in place, once: of several processes one makes it and all read it.
    private static byte[] ReadKey(string folder)
    {
        var path = Path.Combine(PrivateFolder.Create(folder).FullName, "signing.key");
        if (!File.Exists(path))
        {
            var fresh = path + "." + Path.GetRandomFileName();
            using (var file = new FileStream(fresh, Private))
                file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            try
            {
                File.Move(fresh, path);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(fresh);
            }
        }

        return File.ReadAllBytes(path) is { Length: KeyBytes } key ? key : throw new InvalidOperationException($"{path} is not a key of this portal; delete it to have a new one made.");
    }

    private static FileStreamOptions Private => OperatingSystem.IsWindows()
        ? new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }
        : new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
}
