// What people call this program: a custom client has a name of its own.
let own = $state<string | undefined>();

export function program(): string | undefined {
  return own;
}

export function call(name: string | undefined): void {
  own = name;
}
