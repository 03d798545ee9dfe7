using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace VendorPortal.Api;

/// <summary>
/// Where a page ended, as opaque text. It carries a check value of the vendor and the place, so that text of any other origin is told
/// from a cursor; it grants nothing, as every page is read under the caller's own vendor.
/// </summary>
internal static class PullCursor
{
    private const int CheckLength = 8;

    public static string Format(int vendorId, long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + CheckLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        WriteCheck(vendorId, id, bytes[sizeof(long)..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, int vendorId, out long id)
    {
        id = 0;
        Span<byte> bytes = stackalloc byte[sizeof(long) + CheckLength];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length)
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length != bytes.Length)
            return false;
        id = BinaryPrimitives.ReadInt64BigEndian(bytes);
        Span<byte> check = stackalloc byte[CheckLength];
        WriteCheck(vendorId, id, check);
        return check.SequenceEqual(bytes[sizeof(long)..]);
    }

    private static void WriteCheck(int vendorId, long id, Span<byte> check)
    {
        Span<byte> place = stackalloc byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(place, vendorId);
        BinaryPrimitives.WriteInt64BigEndian(place[sizeof(int)..], id);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(place, hash);
        hash[..CheckLength].CopyTo(check);
    }
}
