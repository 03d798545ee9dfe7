using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VendorPortal.Security;

/// <summary>Secrets of feeds and tokens: 256 random bits, shown once, stored as SHA-256, compared in constant time.</summary>
public static class Secrets
{
    /// <summary>A new secret in base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret. A plain hash suffices: 256 random bits cannot be guessed.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Matches(string secret, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(secret), hash);
}
