using System.Globalization;

namespace VendorPortal.Commands;

/// <summary>How far something long has come: a bar that is drawn over where a person looks, a line each tenth where it goes to a file.</summary>
internal sealed class ProgressBar(TextWriter error)
{
    private const int Width = 30;

    private readonly bool drawsOver = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private int tenth = -1;
    private int length;

    /// <param name="fraction">0 to 1.</param>
    /// <param name="words">What stands behind the bar.</param>
    public void Report(double fraction, string words)
    {
        var percent = (int)(Math.Clamp(fraction, 0, 1) * 100);
        if (drawsOver)
        {
            var filled = percent * Width / 100;
            var line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('.', Width - filled)}] {percent,3} %  {words}");
            error.Write("\r" + line.PadRight(length));
            length = line.Length;
        }
        else if (percent / 10 > tenth)
        {
            tenth = percent / 10;
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{percent,3} %  {words}"));
        }
    }

    /// <summary>Leaves the line of the bar.</summary>
    public void End()
    {
        if (drawsOver)
            error.WriteLine();
    }
}
