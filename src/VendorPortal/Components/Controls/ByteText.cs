using System.Globalization;

namespace VendorPortal.Components.Controls;

/// <summary>A number of bytes as people read it: "312 B", "1.4 MB"; thousands, as file managers and transfers count.</summary>
public static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(unit > 0 && value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }
}
