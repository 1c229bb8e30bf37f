/** A CloudFormation template, as far as the adaptations look into it. */
export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  [attribute: string]: unknown;
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** Takes a resource out, and out of everybody's DependsOn. */
export function remove(template: Template, id: string): void {
  template.Resources = Object.fromEntries(Object.entries(template.Resources).filter(([name]) => name !== id));
  for (const resource of Object.values(template.Resources)) {
    if (resource.DependsOn === undefined) continue;
    const kept = [resource.DependsOn].flat().filter((name) => name !== id);
    if (kept.length > 0) resource.DependsOn = kept;
    else delete resource.DependsOn;
  }
}
