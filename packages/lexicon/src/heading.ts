/** Longest heading that can be bare, in UTF-16 units. */
const longest = 20;

const bare =
  /^[\s【[(（《]*(?:警情|火情|汛情|灾情|险情|疫情|案情|事故|事件|情况|处置|调查|警方|官方|最新|紧急|有关|关于|的){0,4}(?:通报|通告|公告|通知|说明|声明|提示|快讯|消息)[\s】\])）》:：。！!]*$/u;

/**
 * A title that names a kind of document and nothing that happened (情况通报, 警情通报, 【紧急通知】), as offices head their first word of an
 * incident. What such an item is about its lead says, as in one without a title.
 */
export function isBareHeading(title: string): boolean {
  return title.length <= longest && bare.test(title);
}
