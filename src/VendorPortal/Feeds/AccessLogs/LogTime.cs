using System.Buffers.Text;
using System.Text;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// The times of access logs: <c>20/Nov/2026:20:47:23 +0000</c>, ISO 8601 with an offset, or seconds (also milli-, micro- or nanoseconds)
/// since 1970 as a number. One instance a stream: neighbouring lines mostly share their second.
/// </summary>
internal sealed class LogTime
{
    /// <summary>Length of nginx's <c>$time_local</c> and Apache's <c>%t</c>, in bytes.</summary>
    public const int LocalLength = 26;

    private readonly byte[] lastText = new byte[40];
    private int lastLength;
    private (long Ticks, long Resolution) last;

    /// <summary>UTC ticks, and what the form tells apart, in ticks. False where it is no time with an offset.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long ticks, out long resolution)
    {
        (ticks, resolution) = last;
        if (lastLength > 0 && text.SequenceEqual(lastText.AsSpan(0, lastLength)))
            return true;
        if (!(IsLocal(text) ? TryLocal(text, out ticks, out resolution) : text.IndexOf((byte)'T') == 10 ? TryIso(text, out ticks, out resolution) : TryEpoch(text, out ticks, out resolution)))
            return false;
        last = (ticks, resolution);
        lastLength = text.Length <= lastText.Length ? text.Length : 0;
        text[..lastLength].CopyTo(lastText);
        return true;
    }

    /// <summary>True where bytes have the form of a local time; a name that only looks like the text before it does not.</summary>
    public static bool IsLocal(ReadOnlySpan<byte> text) =>
        text.Length >= LocalLength && text[2] == '/' && text[6] == '/' && text[11] == ':' && text[14] == ':' && text[17] == ':' && text[20] == ' ';

    private static bool TryLocal(ReadOnlySpan<byte> text, out long ticks, out long resolution)
    {
        (ticks, resolution) = (0, TimeSpan.TicksPerSecond);
        var month = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text.Slice(3, 3));
        if (text.Length != LocalLength || month < 0 || month % 3 != 0
            || !TryNumber(text[..2], out var day) || !TryNumber(text.Slice(7, 4), out var year) || !TryNumber(text.Slice(12, 2), out var hour)
            || !TryNumber(text.Slice(15, 2), out var minute) || !TryNumber(text.Slice(18, 2), out var second)
            || !TryNumber(text.Slice(22, 2), out var zoneHours) || !TryNumber(text.Slice(24, 2), out var zoneMinutes) || text[21] is not ((byte)'+' or (byte)'-'))
            return false;
        if (year is < 1 or > 9998 || day < 1 || day > DateTime.DaysInMonth(year, (month / 3) + 1) || hour > 23 || minute > 59 || second > 60)
            return false;
        var offset = new TimeSpan(zoneHours, zoneMinutes, 0).Ticks * (text[21] == '-' ? -1 : 1);
        ticks = new DateTime(year, (month / 3) + 1, day, hour, minute, 0, DateTimeKind.Utc).Ticks + (second * TimeSpan.TicksPerSecond) - offset;
        return ticks >= 0;
    }

    private static bool TryIso(ReadOnlySpan<byte> text, out long ticks, out long resolution)
    {
        (ticks, resolution) = (0, TimeSpan.TicksPerSecond);
        var zone = text[10..].LastIndexOfAny("Zz+-"u8);
        if (zone < 0 || text.Length > 40)
            return false;
        var dot = text.IndexOf((byte)'.');
        if (dot > 0)
            resolution = Resolution(zone + 10 - dot - 1);
        if (RequestFields.Time(Encoding.ASCII.GetString(text)) is not { } at)
            return false;
        ticks = at.Ticks;
        return true;
    }

    // By size: seconds until the year 5138, else milli-, micro- or nanoseconds.
    private static bool TryEpoch(ReadOnlySpan<byte> text, out long ticks, out long resolution)
    {
        (ticks, resolution) = (0, TimeSpan.TicksPerSecond);
        if (!Utf8Parser.TryParse(text, out decimal number, out var read) || read != text.Length || number is < 0 or >= 1e20m)
            return false;
        var dot = text.IndexOf((byte)'.');
        var digits = dot < 0 ? 0 : text.Length - dot - 1;
        for (; number >= 1e11m; number /= 1_000)
            digits += 3;
        resolution = Resolution(digits);
        ticks = DateTime.UnixEpoch.Ticks + (long)(number * TimeSpan.TicksPerSecond);
        return ticks <= DateTime.MaxValue.Ticks;
    }

    private static long Resolution(int digits)
    {
        var resolution = TimeSpan.TicksPerSecond;
        for (; digits > 0 && resolution > 1; digits--)
            resolution /= 10;
        return resolution;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int number) =>
        Utf8Parser.TryParse(text, out number, out var read) && read == text.Length && text[0] is not ((byte)'-' or (byte)'+');
}
