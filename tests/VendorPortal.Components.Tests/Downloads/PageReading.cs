using AngleSharp.Dom;
using Bunit;
using Bunit.Rendering;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Page = VendorPortal.Components.Pages.Downloads;

namespace VendorPortal.Components.Tests.Downloads;

/// <summary>What a person sees on the Downloads page, and does.</summary>
internal static class PageReading
{
    public static IReadOnlyList<string> Times(this IRenderedComponent<Page> page) =>
        [.. page.FindAll("tr.pull time").Select(time => time.GetAttribute("datetime")!)];

    public static IReadOnlyList<string> Column(this IRenderedComponent<Page> page, string column) =>
        [.. page.FindAll($"tr.pull td.c-{column}").Select(cell => cell.TextContent.Trim())];

    public static IReadOnlyList<string> Chips(this IRenderedComponent<Page> page) =>
        [.. page.FindAll(".chips .chip").Select(chip => Words(chip.TextContent))];

    public static string Status(this IRenderedComponent<Page> page) => Words(page.Find(".more [role=status]").TextContent);

    public static IElement Button(this IRenderedComponent<Page> page, string text) =>
        page.FindAll("button").FirstOrDefault(button => Words(button.TextContent) == text)
        ?? throw new InvalidOperationException($"There is no button '{text}', but: {string.Join(" | ", page.FindAll("button").Select(b => Words(b.TextContent)).Where(t => t.Length < 40).Distinct())}");

    public static bool HasButton(this IRenderedComponent<Page> page, string text) => page.FindAll("button").Any(button => Words(button.TextContent) == text);

    /// <summary>
    /// Clicks what <paramref name="find"/> finds. Totals arrive by themselves and may render between finding and clicking; then a
    /// person's click would reach what stands there now, and so does this.
    /// </summary>
    public static void Press<T>(this IRenderedComponent<T> page, Func<IElement> find)
        where T : IComponent => Act(page, find, element => element.Click());

    public static void Press(this IRenderedComponent<Page> page, string button) => page.Press(() => page.Button(button));

    public static void Tick<T>(this IRenderedComponent<T> page, Func<IElement> find, object value)
        where T : IComponent => Act(page, find, element => element.Change(value));

    public static void KeyDown(this IRenderedComponent<Page> page, Func<IElement> find, KeyboardEventArgs key) => Act(page, find, element => element.KeyDown(key));

    /// <summary>The button of a control of the filter bar.</summary>
    public static IElement Control(this IRenderedComponent<Page> page, string label) =>
        page.FindAll(".bar .picker-open").First(b => Words(b.TextContent).StartsWith(label, StringComparison.Ordinal));

    /// <summary>Opens a picker of the filter bar and waits for its options.</summary>
    public static void OpenPicker(this IRenderedComponent<Page> page, string label)
    {
        page.Press(() => page.Control(label));
        page.WaitForState(() => page.FindAll("[role=option]").Count > 0);
    }

    public static void ClosePicker(this IRenderedComponent<Page> page) => page.Press(() => page.Find(".picker-close"));

    public static IReadOnlyList<string> Options(this IRenderedComponent<Page> page) =>
        [.. page.FindAll("[role=option] .name").Select(name => name.TextContent)];

    public static void Pick(this IRenderedComponent<Page> page, string label, string value)
    {
        page.OpenPicker(label);
        page.Press(() => page.FindAll("[role=option]").First(option => option.QuerySelector(".name")!.TextContent == value));
        page.ClosePicker();
    }

    private static void Act<T>(IRenderedComponent<T> page, Func<IElement> find, Action<IElement> act)
        where T : IComponent =>
        page.WaitForState(() =>
        {
            try
            {
                act(find());
                return true;
            }
            catch (Exception e) when (e is UnknownEventHandlerIdException or ElementNotFoundException or InvalidOperationException)
            {
                return false;
            }
        });

    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
