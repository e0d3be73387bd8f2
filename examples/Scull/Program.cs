using Scull;

string[] names = [.. args.Where(arg => arg != "--all")];
string[] unknown = [.. names.Where(name => Demonstration.All.All(demonstration => demonstration.Name != name))];
if (args.Length == 0 || unknown.Length > 0)
{
    foreach (string name in unknown)
        Console.Error.WriteLine($"'{name}' is no demonstration.");
    Console.Error.WriteLine($"scull --all | {string.Join(" | ", Demonstration.All.Select(demonstration => demonstration.Name))}");
    return 1;
}

var tell = new Narrator(Console.Out);
foreach (Demonstration demonstration in Demonstration.All)
{
    if (args.Contains("--all") || names.Contains(demonstration.Name))
        await demonstration.PlayAlone(tell);
}
return 0;
